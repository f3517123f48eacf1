#include "core/dtmf_key.h"

#include <catch2/catch.hpp>

namespace tapestry {

TEST_CASE("events 0 to 15 are keys, others are none") {
  CHECK(dtmf_key_of_event(0) == '0');
  CHECK(dtmf_key_of_event(9) == '9');
  CHECK(dtmf_key_of_event(10) == '*');
  CHECK(dtmf_key_of_event(11) == '#');
  CHECK(dtmf_key_of_event(12) == 'A');
  CHECK(dtmf_key_of_event(15) == 'D');
  CHECK_FALSE(dtmf_key_of_event(16));
  CHECK_FALSE(dtmf_key_of_event(255));
}

TEST_CASE("words of messages are keys") {
  CHECK(parse_dtmf_key("5") == '5');
  CHECK(parse_dtmf_key("*") == '*');
  CHECK(parse_dtmf_key("d") == 'D');
  CHECK(parse_dtmf_key("10") == '*');
  CHECK(parse_dtmf_key("11") == '#');
  CHECK(parse_dtmf_key("15") == 'D');
  CHECK(parse_dtmf_key("Star") == '*');
  CHECK(parse_dtmf_key("pound") == '#');
  CHECK(parse_dtmf_key("HASH") == '#');
  CHECK_FALSE(parse_dtmf_key(""));
  CHECK_FALSE(parse_dtmf_key("E"));
  CHECK_FALSE(parse_dtmf_key("16"));
  CHECK_FALSE(parse_dtmf_key("5 "));
  CHECK_FALSE(parse_dtmf_key("flash"));
}

}  // namespace tapestry
