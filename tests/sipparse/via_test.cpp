#include "sipparse/via.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("the first Via of a list is read, with blanks anywhere") {
  const auto via =
      parse_via("SIP  / 2.0\r\n / TCP     spindle.example.com : 5060  ;\r\n branch  =   z9hG4bK9 , SIP/2.0/UDP other");
  REQUIRE(via);
  CHECK(via->transport == "TCP");
  CHECK(via->sent_by == "spindle.example.com : 5060");
  CHECK(via->branch == "z9hG4bK9");
}

TEST_CASE("an IPv6 sent-by is kept as written") {
  const auto via = parse_via("SIP/2.0/UDP [2001:db8::9:1]:6050;received=[2001:db8::9:255];branch=b");
  REQUIRE(via);
  CHECK(via->sent_by == "[2001:db8::9:1]:6050");
  CHECK(via->branch == "b");
}

TEST_CASE("a Via without a sender is none") {
  for (const std::string_view text : {"", "SIP", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=x", ",", "//"}) {
    INFO(text);
    CHECK_FALSE(parse_via(text));
  }
}

}  // namespace tapestry::sip
