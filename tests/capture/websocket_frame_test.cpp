#include "capture/websocket_frame.h"

#include <catch2/catch.hpp>

#include <string>

#include "tests/support/websocket_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

constexpr std::string_view kInvite = "INVITE sip:bob@example.com SIP/2.0\r\n\r\n";

NoFrame fault(std::string_view bytes) {
  const auto frame = parse_websocket_frame(as_bytes(bytes));
  REQUIRE_FALSE(frame);
  return frame.error();
}

TEST_CASE("frame headers are read with 7, 16 and 64 bits of length, with and without mask") {
  for (const unsigned octets : {1U, 2U, 8U}) {
    for (const bool masked : {false, true}) {
      const std::string bytes = websocket_frame(
          "hello", {.opcode = kWebSocketBinary, .final = false, .masked = masked, .length_octets = octets});
      const auto frame = parse_websocket_frame(as_bytes(bytes));
      REQUIRE(frame);
      REQUIRE_FALSE(frame->final);
      REQUIRE(frame->opcode == kWebSocketBinary);
      REQUIRE(frame->masked == masked);
      REQUIRE(frame->length == 5);
      REQUIRE(frame->header == bytes.size() - 5);
      for (std::size_t size = 0; size < frame->header; ++size) {
        REQUIRE(fault(std::string_view(bytes).substr(0, size)) == NoFrame::Incomplete);
      }
    }
  }
}

TEST_CASE("what RFC 6455 forbids is no frame") {
  using namespace std::string_view_literals;
  REQUIRE(fault("\xc1\x00"sv) == NoFrame::Bad);                    // compressed
  REQUIRE(fault("\x83\x00"sv) == NoFrame::Bad);                    // reserved opcode
  REQUIRE(fault("\x8b\x00"sv) == NoFrame::Bad);                    // reserved control opcode
  REQUIRE(fault("\x09\x00"sv) == NoFrame::Bad);                    // fragmented ping
  REQUIRE(fault("\x89\x7e\x01\x00"sv) == NoFrame::Bad);            // long ping
  REQUIRE(fault("\x82\x7f\x80\0\0\0\0\0\0\0"sv) == NoFrame::Bad);  // length of 64 bits
  REQUIRE(parse_websocket_frame(as_bytes("\x82\x7f\x7f\0\0\0\0\0\0\0"sv)));
}

TEST_CASE("a frame that begins a SIP message is told as soon as there is enough of it") {
  for (const bool masked : {false, true}) {
    const std::string invite = websocket_frame(kInvite, {.masked = masked});
    const std::string answer = websocket_frame("SIP/2.0 200 OK\r\n\r\n", {.masked = masked});
    REQUIRE(begins_websocket_sip(as_bytes(invite)) == Likeness::Yes);
    REQUIRE(begins_websocket_sip(as_bytes(answer)) == Likeness::Yes);
    const std::size_t header = masked ? 6 : 2;
    for (std::size_t size = 0; size < header + 11; ++size) {
      REQUIRE(begins_websocket_sip(as_bytes(invite).first(size)) == Likeness::Perhaps);
    }
    REQUIRE(begins_websocket_sip(as_bytes(invite).first(header + 11)) == Likeness::Yes);
  }
  REQUIRE(begins_websocket_sip(as_bytes(kInvite)) == Likeness::No);
  REQUIRE(begins_websocket_sip(as_bytes(websocket_frame("{\"type\": \"no SIP at all\"}"))) == Likeness::No);
  REQUIRE(begins_websocket_sip(as_bytes(websocket_frame("ping", {.opcode = kWebSocketPing}))) == Likeness::No);
}

TEST_CASE("handshakes are told by their headers in any case") {
  REQUIRE(begins_handshake(websocket_request()));
  REQUIRE(begins_handshake(websocket_answer()));
  REQUIRE_FALSE(begins_handshake("HTTP/1.1 403 Forbidden\r\n"));
  REQUIRE(upgrades_to_websocket(websocket_request()));
  REQUIRE(names_sip_protocol(websocket_request()));
  REQUIRE(names_sip_protocol(websocket_answer()));
  REQUIRE_FALSE(names_sip_protocol("Sec-WebSocket-Protocol: mqtt, sipper\r\n"));
  REQUIRE_FALSE(upgrades_to_websocket("X-Upgrade: websocket\r\nUpgrade: h2c\r\n"));
}

}  // namespace
}  // namespace tapestry::capture
