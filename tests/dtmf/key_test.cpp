#include "dtmf/key.h"

#include <catch2/catch.hpp>

namespace tapestry::dtmf {

TEST_CASE("events and words are the keys that core knows") {
  CHECK(key_of_event(11) == '#');
  CHECK_FALSE(key_of_event(16));
  CHECK(parse_key("star") == '*');
  CHECK_FALSE(parse_key(""));
}

TEST_CASE("only the ten digits are digits") {
  CHECK(is_digit_key('0'));
  CHECK(is_digit_key('9'));
  CHECK_FALSE(is_digit_key('*'));
  CHECK_FALSE(is_digit_key('A'));
}

}  // namespace tapestry::dtmf
