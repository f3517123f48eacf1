#include "sipparse/parameters.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::sip {

TEST_CASE("a comma list is split outside quotes and angle brackets") {
  const auto values = split_list(R"("a, <b" <sip:x,y@z>;p="1,2" , sip:c,,  "\",")");
  REQUIRE(values.size() == 3);
  CHECK(values[0] == R"("a, <b" <sip:x,y@z>;p="1,2")");
  CHECK(values[1] == "sip:c");
  CHECK(values[2] == R"("\",")");
  CHECK(split_list("").empty());
  CHECK(split_list(",,,").empty());
}

TEST_CASE("a list is cut off at its limit") { CHECK(split_list("a,b,c,d", 2).size() == 2); }

TEST_CASE("an open quote or bracket holds all that follows") {
  CHECK(split_list("\"a,b,c").size() == 1);
  CHECK(split_list("<a,b,c").size() == 1);
}

TEST_CASE("empty values of a list are told one by one") {
  std::string_view rest = "a,,b,";
  std::size_t count = 0;
  while (take_list_value(rest)) ++count;
  CHECK(count == 4);
}

TEST_CASE("parameters are found in any case, with blanks and quotes around them") {
  constexpr std::string_view kText = "Tag = abc ; lr; x=\"a;tag=1\" ;empty=";
  CHECK(parameter(kText, "tag") == "abc");
  CHECK(parameter(kText, "LR") == "");
  CHECK(parameter(kText, "x") == "a;tag=1");
  CHECK(parameter(kText, "empty") == "");
  CHECK_FALSE(parameter(kText, "none"));
  CHECK_FALSE(parameter("", "none"));
  CHECK(parameter("a=\"open", "a") == "open");
}

}  // namespace tapestry::sip
