#include "calls/noting.h"

#include <catch2/catch.hpp>

using namespace tapestry;

TEST_CASE("telephone numbers in E.164's form are no card numbers") {
  // Each passes the check of card numbers.
  CHECK(calls::without_cards("sip:+4222222222222@example.com") == "sip:+4222222222222@example.com");
  CHECK(calls::without_cards("tel:+4222222222222") == "tel:+4222222222222");
  CHECK(calls::without_cards("sip:4222222222222@example.com") == "sip:XXXXXXXXXXXXX@example.com");
  CHECK(calls::without_cards("tel:+4111111111111111") == "tel:+XXXXXXXXXXXXXXXX");
  CHECK(calls::without_cards("tel:+4222222222222 4111111111111111") == "tel:+XXXXXXXXXXXXX XXXXXXXXXXXXXXXX");
}
