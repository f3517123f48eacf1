#include "sipparse/mute_status.h"

#include <catch2/catch.hpp>
#include <string>

namespace {

using tapestry::as_bytes;

std::optional<bool> status(const std::string& package, const std::string& body = {},
                           const std::string& method = "INFO") {
  const std::string text = method + " sip:a@example.com SIP/2.0\r\nCall-ID: 1\r\nCSeq: 2 " + method +
                           "\r\nInfo-Package: " + package + "\r\nContent-Type: application/x-cisco-mute-status\r\n" +
                           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return tapestry::sip::mute_status(*tapestry::sip::parse_message(as_bytes(text)).message);
}

}  // namespace

TEST_CASE("a mute status is read from the package's parameters and from the body") {
  CHECK(status("x-cisco-mute-status;muted=true") == true);
  CHECK(status("X-Cisco-Mute-Status;mute=off") == false);
  CHECK(status("x-cisco-mute-status", "mute-status: muted\r\n") == true);
  CHECK(status("x-cisco-mute-status", "<status>unmuted</status>") == false);
  CHECK(status("x-cisco-mute-status", "{\"muted\": false}") == false);
  CHECK(status("x-cisco-mute-status", "Mute") == true);
}
TEST_CASE("a mute status that says nothing clear is none") {
  CHECK(status("x-cisco-mute-status") == std::nullopt);
  CHECK(status("x-cisco-mute-status", "audio") == std::nullopt);
  CHECK(status("x-cisco-conference", "muted") == std::nullopt);
  CHECK(status("x-cisco-mute-status;muted=true", "", "MESSAGE") == std::nullopt);
}
