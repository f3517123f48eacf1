#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/time.h"

namespace tapestry::rtp {

/// One RTP packet (RFC 3550 §5.1): header fields, a view of its payload without padding, and one of the whole, which is
/// what SRTP authenticates (RFC 3711 §3.1).
struct Packet {
  Time arrival;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 0;
  std::uint8_t payload_type = 0;  ///< 0..127
  bool marker = false;
  Bytes payload;
  Bytes raw;  ///< from the first octet of the header to the last of the padding; empty: it never was on a wire
};

/// Octets of the fixed header.
inline constexpr std::size_t kHeaderBytes = 12;

/// Whether the last octet of a padded packet counts its padding: not where it is encrypted or was cut off.
enum class Padding : std::uint8_t { Counted, Unknown };

/// Reads an RTP header with CSRCs, extension and padding. Nothing when the bytes are no RTP: version, lengths, or an
/// RTCP packet type by RFC 5761 §4 (second octet 192..223). Padding that is Unknown stays in the payload.
std::optional<Packet> parse_packet(Bytes datagram, Time arrival, Padding padding = Padding::Counted) noexcept;

/// Reads the fixed header alone; what follows is the payload. `raw` holds at least that much.
inline Packet parse_fixed_header(Bytes raw, Time arrival) noexcept {
  Cursor cursor(raw);
  const std::uint64_t first = cursor.u64();
  Packet packet;
  packet.arrival = arrival;
  packet.timestamp = static_cast<std::uint32_t>(first);
  packet.ssrc = cursor.u32();
  packet.sequence = static_cast<std::uint16_t>(first >> 32U);
  packet.payload_type = first >> 48U & 0x7fU;
  packet.marker = (first >> 55U & 1U) != 0;
  packet.payload = cursor.rest();
  packet.raw = raw;
  return packet;
}

/// Whether the bytes look like an RTCP packet (RFC 3550 §6, packet types 192..223, plausible length).
bool is_rtcp(Bytes datagram) noexcept;

}  // namespace tapestry::rtp
