#pragma once
#include <cstdint>
#include <optional>

#include "capture/ip.h"
#include "core/address.h"

namespace tapestry::capture {

/// One TCP segment (RFC 9293 §3.1). `payload` is a view.
struct TcpSegment {
  Endpoint source;
  Endpoint destination;
  std::uint32_t sequence = 0;  ///< of the first payload byte: a SYN's own number is already added
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool rst = false;
  Bytes payload;
  std::size_t cut = 0;  ///< payload bytes that the capture cut off
};

/// Reads the TCP header of a whole packet; nothing when it is malformed or cut.
[[nodiscard]] std::optional<TcpSegment> parse_tcp(const IpPacket& packet) noexcept;

/// Whether a segment may belong to SIP: one of SIP's usual ports, or a payload that begins like a SIP message, like the
/// handshake of a WebSocket for SIP, or like a frame of one.
[[nodiscard]] bool carries_sip(const TcpSegment& segment) noexcept;
/// The same by its payload alone.
[[nodiscard]] bool begins_sip(const TcpSegment& segment) noexcept;
/// Whether its payload begins like an HTTP request (RFC 9112 §3): a method and a path, or a URI of HTTP's.
[[nodiscard]] bool begins_http(const TcpSegment& segment) noexcept;

}  // namespace tapestry::capture
