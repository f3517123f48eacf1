#include "sipparse/user_to_user.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("a value's escapes are undone only where they hide its parameters") {
  const auto values = parse_user_to_user("00C8%2C01%3Bencoding%3Dhex");
  REQUIRE(values.size() == 2);
  CHECK(values[0].data == "00C8");
  CHECK(parse_user_to_user("a%3Bb;encoding=hex").front().data == "a%3Bb");
  CHECK(parse_user_to_user("\"open").front().data == "\"open");
}

TEST_CASE("a UCID is told by its type and length") {
  CHECK(ucid_of({.data = "00FA080001247C5E46F6E6", .encoding = "hex", .purpose = "", .content = ""}) ==
        "00001093401581709030");
  CHECK_FALSE(ucid_of({.data = "00FA070001247C5E46F6", .encoding = "hex", .purpose = "", .content = ""}));
}

}  // namespace tapestry::sip
