#include "sipparse/header_lines.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("folded lines belong to the header that they continue") {
  HeaderLines lines("A: one\r\n two\r\n\tthree\r\nB:\r\n\r\nbody");
  const auto first = lines.next();
  REQUIRE(first);
  CHECK(first->raw_name == "A");
  CHECK(first->value == "one\r\n two\r\n\tthree");
  const auto second = lines.next();
  REQUIRE(second);
  CHECK(second->value.empty());
  CHECK_FALSE(lines.next());
  CHECK(lines.complete());
  CHECK(lines.rest() == "body");
  CHECK_FALSE(lines.next());
}

TEST_CASE("a section that ends with the text is not complete") {
  HeaderLines lines("A: b");
  CHECK(lines.next());
  CHECK_FALSE(lines.next());
  CHECK_FALSE(lines.complete());
  CHECK(lines.rest().empty());
}

TEST_CASE("a line without a colon has no name") {
  HeaderLines lines("nonsense\nA:b\n");
  const auto junk = lines.next();
  REQUIRE(junk);
  CHECK(junk->raw_name.empty());
  CHECK(lines.next()->raw_name == "A");
}

}  // namespace tapestry::sip
