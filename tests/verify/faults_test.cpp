#include "verify/faults.h"

#include <catch2/catch.hpp>

using namespace tapestry::verify;

TEST_CASE("a fault names its part, its place and what is wrong") {
  Faults faults;
  faults.add("lint", "dialog/0", "url is not https");
  faults.add("form", "", "not JSON");
  CHECK(faults.take() == std::vector<std::string>{"lint: dialog/0: url is not https", "form: not JSON"});
  CHECK(faults.empty());
}

TEST_CASE("faults beyond the bound are counted, not listed") {
  Faults faults;
  for (std::size_t n = 0; n < kMaxFaults + 3; ++n) faults.add("lint", "x", "y");
  const auto list = faults.take();
  REQUIRE(list.size() == kMaxFaults + 1);
  CHECK(list.back() == "form: 3 further faults");
}

TEST_CASE("text from a file cannot disturb a terminal or fill a page") {
  CHECK(in_quotes("abc") == "'abc'");
  CHECK(in_quotes("\x1b[31m\n\xff") == "'\\x1b[31m\\x0a\\xff'");
  CHECK(in_quotes(std::string(1000, 'a')).size() < 70);
}
