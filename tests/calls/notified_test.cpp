#include "calls/notified.h"

#include <catch2/catch.hpp>
#include <string>

namespace {

std::string body_of(const std::string& method) {
  const std::string text =
      method + " sip:a@example.com SIP/2.0\r\nCall-ID: 1\r\nCSeq: 2 " + method +
      "\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n"
      "no\r\n--x\r\nContent-Type: application/REGINFO+xml;charset=utf-8\r\n\r\n<reginfo/>\r\n--x--\r\n";
  const auto parsed = tapestry::sip::parse_message(tapestry::as_bytes(text));
  return std::string(tapestry::calls::notified(*parsed.message, "application/reginfo+xml"));
}

}  // namespace

TEST_CASE("what a NOTIFY tells is found by its type, in any case and in a multipart") {
  CHECK(body_of("NOTIFY") == "<reginfo/>");
  CHECK(body_of("PUBLISH").empty());
}
