#include "sipparse/start_line.h"

#include <catch2/catch.hpp>

#include "sipparse/message.h"

namespace tapestry::sip {

TEST_CASE("a start line is read whatever blanks separate its words") {
  const auto line = parse_start_line("INVITE   sip:a b@c  sip/2.0  ");
  REQUIRE(line);
  CHECK(line->method == "INVITE");
  CHECK(line->request_uri == "sip:a b@c");
  CHECK(line->version == "sip/2.0");
  CHECK(parse_start_line("SIP/7.0 200 OK"));
  CHECK_FALSE(parse_start_line("IN VITE"));
  CHECK_FALSE(parse_start_line("INV\"ITE sip:a SIP/2.0"));
}

TEST_CASE("a version is SIP, a slash and two numbers") {
  CHECK(is_sip_version("SIP/2.0"));
  CHECK(is_sip_version("sip/10.23"));
  for (const std::string_view text : {"", "SIP", "SIP/", "SIP/2", "SIP/2.", "SIP/.0", "SIP/2.0.", "HTTP/1.1"}) {
    INFO(text);
    CHECK_FALSE(is_sip_version(text));
  }
}

TEST_CASE("the beginning of a SIP message is told from other traffic") {
  for (const std::string_view text :
       {"SIP/2.0 200 OK\r\n", "\r\n\r\nINVITE sip:a@b SIP/2.0\r\n", "BYE tel:1 SIP/2.0\nX", "INV", "INVITE ",
        "INVITE si", "INVITE sip:someone", "X%25 urn:service:sos SIP/2.0\r\n"}) {
    INFO(text);
    CHECK(looks_like_sip(as_bytes(text)));
  }
  for (const std::string_view text :
       {"", "\r\n\r\n", "GET / HTTP/1.1\r\n", "GET /x", "HTTP/1.1 200 OK\r\n", "CRCX 1 aaln/1@gw MGCP 1.0\r\n",
        "DESCRIBE rtsp://a RTSP/1.0\r\n", "\x80\x00\x12\x34", "SIP/7.0 200 OK\r\n", "INVITE  x",
        "INVITE sip:a SIP/3.0\r\n"}) {
    INFO(text);
    CHECK_FALSE(looks_like_sip(as_bytes(text)));
  }
}

}  // namespace tapestry::sip
