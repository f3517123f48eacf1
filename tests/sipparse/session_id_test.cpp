#include "sipparse/session_id.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("a Session-ID tells the sender's UUID from the other end's") {
  CHECK(parse_session_id("7202892D00105000A000AC7E8AB6B729 ; remote=47755a9de7794ba387653f2099600ef2") ==
        SessionId{"7202892d00105000a000ac7e8ab6b729", "47755a9de7794ba387653f2099600ef2"});
  CHECK(parse_session_id("00000000000000000000000000000000;remote=47755a9de7794ba387653f2099600ef2")->local ==
        kNilUuid);
}

TEST_CASE("the form before RFC 7989 has no remote UUID") {
  CHECK(parse_session_id("7202892d00105000a000ac7e8ab6b729") ==
        SessionId{"7202892d00105000a000ac7e8ab6b729", std::string(kNilUuid)});
  CHECK(parse_session_id("7202892d00105000a000ac7e8ab6b729;remote=x")->remote == kNilUuid);
}

TEST_CASE("anything else is no Session-ID") {
  CHECK_FALSE(parse_session_id(""));
  CHECK_FALSE(parse_session_id("7202892d-0010-5000-a000-ac7e8ab6b729"));
  CHECK_FALSE(parse_session_id("7202892d00105000a000ac7e8ab6b72g;remote=47755a9de7794ba387653f2099600ef2"));
}

}  // namespace tapestry::sip
