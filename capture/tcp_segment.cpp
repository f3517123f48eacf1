#include "capture/tcp_segment.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "capture/sip_start.h"
#include "capture/websocket_frame.h"
#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kTcpHeader = 20;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kAck = 0x10;
constexpr std::size_t kLongestHttpMethod = 7;
constexpr std::array<std::uint16_t, 4> kSipPorts{5060, 5061, 5070, 5080};

bool is_sip_port(std::uint16_t port) noexcept { return std::ranges::find(kSipPorts, port) != kSipPorts.end(); }

// A handshake names its subprotocol; where it was not seen, a frame tells.
bool begins_like_websocket(Bytes payload) noexcept {
  const std::string_view text = as_text(payload);
  return (begins_handshake(text) && upgrades_to_websocket(text) && names_sip_protocol(text)) ||
         begins_websocket_sip(payload) == Likeness::Yes;
}

}  // namespace

std::optional<TcpSegment> parse_tcp(const IpPacket& packet) noexcept {
  const Bytes bytes = packet.payload;
  if (bytes.size() < kTcpHeader) return std::nullopt;
  const std::size_t header = (bytes[12] >> 4U) * std::size_t{4};
  if (header < kTcpHeader || header > packet.payload_length) return std::nullopt;
  const std::uint8_t flags = bytes[13];
  TcpSegment segment;
  segment.source = {packet.source, big16(bytes, 0)};
  segment.destination = {packet.destination, big16(bytes, 2)};
  segment.syn = (flags & kSyn) != 0;
  segment.ack = (flags & kAck) != 0;
  segment.fin = (flags & kFin) != 0;
  segment.rst = (flags & kRst) != 0;
  segment.sequence = big32(bytes, 4) + (segment.syn ? 1 : 0);
  segment.payload = bytes.subspan(std::min(header, bytes.size()));
  segment.cut = packet.payload_length - header - segment.payload.size();
  return segment;
}

bool carries_sip(const TcpSegment& segment) noexcept {
  return is_sip_port(segment.source.port) || is_sip_port(segment.destination.port) || begins_sip(segment);
}

bool begins_sip(const TcpSegment& segment) noexcept {
  return begins_like_sip(as_text(segment.payload)) || begins_like_websocket(segment.payload);
}

bool begins_http(const TcpSegment& segment) noexcept {
  const std::string_view text = as_text(segment.payload);
  const std::size_t space = text.substr(0, kLongestHttpMethod + 1).find(' ');
  if (space == std::string_view::npos || space == 0) return false;
  const bool method = std::ranges::all_of(text.substr(0, space), [](char c) { return c >= 'A' && c <= 'Z'; });
  const std::string_view target = text.substr(space + 1);
  return method && (target.starts_with('/') || target.starts_with("http://"));
}

}  // namespace tapestry::capture
