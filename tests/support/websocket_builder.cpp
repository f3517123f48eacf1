#include "tests/support/websocket_builder.h"

#include <array>

namespace tapestry::testing {
namespace {

void append_octets(std::string& out, std::uint64_t value, unsigned octets) {
  for (unsigned left = octets; left > 0; --left) out += static_cast<char>(value >> (8 * (left - 1)) & 0xffU);
}

}  // namespace

std::string websocket_frame(std::string_view payload, const WebSocketOptions& options) {
  constexpr std::array<std::uint8_t, 4> kMask{0xa1, 0x00, 0x5c, 0xff};
  unsigned octets = options.length_octets;
  if (octets == 0) octets = payload.size() < 126 ? 1 : payload.size() < 65536 ? 2 : 8;
  std::string out;
  append_octets(out, (options.final ? 0x80U : 0U) | options.opcode, 1);
  const std::uint64_t length = octets == 1 ? payload.size() : octets == 2 ? 126 : 127;
  append_octets(out, (options.masked ? 0x80U : 0U) | length, 1);
  if (octets > 1) append_octets(out, payload.size(), octets);
  if (options.masked) {
    for (const std::uint8_t octet : kMask) append_octets(out, octet, 1);
  }
  for (std::size_t at = 0; at < payload.size(); ++at) {
    const auto octet = static_cast<std::uint8_t>(payload[at]);
    append_octets(out, options.masked ? octet ^ kMask.at(at % 4) : octet, 1);
  }
  return out;
}

std::string websocket_request() {
  return "GET /sip HTTP/1.1\r\nHost: pbx.example.com\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: chat, sip\r\n"
         "Sec-WebSocket-Version: 13\r\n\r\n";
}

std::string websocket_answer() {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: sip\r\n\r\n";
}

}  // namespace tapestry::testing
