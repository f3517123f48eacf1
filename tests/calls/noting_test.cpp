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

TEST_CASE("a card number that hexadecimal spells is masked, other values in hexadecimal stay") {
  const auto noted = [](const std::string& value) {
    calls::Notes notes;
    sip::Message message;
    message.method = "INVITE";
    message.request = true;
    calls::add_note(notes, calls::NoteKind::UserToUser, {{"value", value}}, message, {{}, {}, {}, "UDP"});
    return notes.list.front().fields.front().value;
  };
  CHECK(noted("34313131313131313131313131313131") == std::string(32, 'X'));
  CHECK(noted("00FA080001247C5E46F6E6") == "00FA080001247C5E46F6E6");
  CHECK(noted("4111111111111111") == std::string(16, 'X'));
}
