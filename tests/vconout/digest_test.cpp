#include "vconout/digest.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

namespace tapestry::vconout {
namespace {

std::string hex(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

TEST_CASE("digests give the vectors of FIPS 180") {
  CHECK(hex(digest(Digest::Kind::Sha1, as_bytes("abc"))) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex(digest(Digest::Kind::Sha256, as_bytes("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(digest(Digest::Kind::Sha512, {})).substr(0, 16) == "cf83e1357eefb8bd");
}

TEST_CASE("a digest in parts is that of the whole") {
  Digest parts(Digest::Kind::Sha256);
  parts.add(as_bytes("a"));
  parts.add({});
  parts.add(as_bytes("bc"));
  CHECK(parts.finish() == digest(Digest::Kind::Sha256, as_bytes("abc")));
}

}  // namespace tapestry::vconout
