#include "verify/gzip.h"

#include <catch2/catch.hpp>

#include "gzipped.h"

using namespace tapestry::verify;

TEST_CASE("a gzip member is inflated whole") {
  const std::string zipped = gzipped("some text");
  CHECK(is_gzip(zipped));
  CHECK(gunzip(zipped, 100) == "some text");
  CHECK_FALSE(is_gzip("{}"));
}

TEST_CASE("broken, cut and continued gzip is refused") {
  const std::string zipped = gzipped("some text");
  CHECK_FALSE(gunzip(zipped.substr(0, zipped.size() - 1), 100));
  CHECK_FALSE(gunzip(zipped + "x", 100));
  std::string broken = zipped;
  broken[12] = static_cast<char>(broken[12] ^ 1);
  CHECK_FALSE(gunzip(broken, 100));
  CHECK_FALSE(gunzip("", 100));
}

TEST_CASE("gzip that grows beyond the bound is refused") {
  const std::string bomb = gzipped(std::string(1'000'000, 'a'));
  CHECK(gunzip(bomb, 1'000'000));
  CHECK_FALSE(gunzip(bomb, 999'999));
}
