#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/time.h"

namespace tapestry::rtp {

/// One RTP packet (RFC 3550 §5.1): header fields and a view of its payload without padding.
struct Packet {
  Time arrival;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 0;
  std::uint8_t payload_type = 0;  ///< 0..127
  bool marker = false;
  Bytes payload;
};

/// Reads an RTP header with CSRCs, extension and padding. Nothing when the bytes are no RTP: version, lengths, or an
/// RTCP packet type by RFC 5761 §4 (second octet 192..223). With `snapped`, padding cannot be told and is not looked
/// for.
std::optional<Packet> parse_packet(Bytes datagram, Time arrival, bool snapped) noexcept;

/// Whether the bytes look like an RTCP packet (RFC 3550 §6, packet types 192..223, plausible length).
bool is_rtcp(Bytes datagram) noexcept;

}  // namespace tapestry::rtp
