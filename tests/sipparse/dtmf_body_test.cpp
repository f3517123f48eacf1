#include "sipparse/dtmf_body.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using sip::dtmf_keys;

namespace {

std::string keys(std::string_view type, std::string_view body) {
  return dtmf_keys({.type = type, .parameters = {}, .disposition = {}, .bytes = as_bytes(body)});
}

}  // namespace

TEST_CASE("dtmf-relay tells one key, in several ways of writing") {
  CHECK(keys("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n") == "5");
  CHECK(keys("Application/DTMF-Relay", "signal: 5\nduration: 160") == "5");
  CHECK(keys("application/dtmf-relay", "Signal= star\r\nDuration= 250\r\n") == "*");
  CHECK(keys("application/dtmf-relay", "Signal=pound") == "#");
  CHECK(keys("application/dtmf-relay", "Signal=11\r\n") == "#");
  CHECK(keys("application/dtmf-relay", "Signal=d\r\n") == "D");
  CHECK(keys("application/dtmf-relay", "Signalling=5\r\n").empty());
  CHECK(keys("application/dtmf-relay", "Duration=160\r\n").empty());
  CHECK(keys("application/dtmf-relay", "Signal=!\r\n").empty());
  CHECK(keys("application/dtmf-relay", "Signal=flash\r\n").empty());
}

TEST_CASE("a body of keys alone, and Nortel's") {
  CHECK(keys("application/dtmf", "5") == "5");
  CHECK(keys("application/dtmf", " *91\r\n") == "*91");
  CHECK(keys("application/vnd.nortelnetworks.digits", "p=Digit-Collection\r\ny=Digits\r\n\r\nd=7\r\nd=#\r\n") == "7#");
  CHECK(keys("text/plain", "5").empty());
}

TEST_CASE("an event in a body, and a KPML report") {
  CHECK(keys("audio/telephone-event", std::string_view("\x0a\x8a\x03\x20", 4)) == "*");
  CHECK(keys("audio/telephone-event", std::string_view("\x05", 1)).empty());
  CHECK(keys("application/telephone-event", std::string_view("\x40\x00\x00\x00", 4)).empty());
  CHECK(keys("application/kpml-response+xml",
             R"(<?xml version="1.0"?><kpml-response xmlns="urn:ietf:params:xml:ns:kpml-response" version="1.0" )"
             R"(code="200" text="OK" digits="*91#" tag="dtmf"/>)") == "*91#");
  CHECK(keys("application/kpml-response+xml", "<kpml-request digits='1'/>").empty());
  CHECK(keys("application/kpml-response+xml", "<<<").empty());
}

TEST_CASE("no body tells more keys than its bound") {
  CHECK(keys("application/dtmf", std::string(10'000, '1')).size() == sip::kMaxToldKeys);
}
