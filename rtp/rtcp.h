#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"

namespace tapestry::rtp {

/// Reports of one compound packet that are read; more are left out.
constexpr std::size_t kMaxRtcpReports = 64;

/// What a sender says of itself (RFC 3550 §6.4.1).
struct SenderInfo {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};

/// What a receiver says of a stream (RFC 3550 §6.4.1).
struct ReceptionReport {
  std::uint32_t about = 0;             ///< SSRC of the stream
  std::uint8_t fraction_lost = 0;      ///< of 256, since the report before
  std::int32_t cumulative_lost = 0;    ///< 24 bits, signed: duplicates make it fall
  std::uint32_t highest_sequence = 0;  ///< extended
  std::uint32_t jitter = 0;            ///< in ticks of the stream's clock
  std::uint32_t last_sr = 0;           ///< middle 32 bits of the NTP time of the last SR; 0: none yet
  std::uint32_t delay_since_sr = 0;    ///< in 1/65,536 s
};

/// VoIP metrics of an extended report (RFC 3611 §4.7), as they were sent.
struct VoipMetrics {
  std::uint32_t about = 0;
  std::uint8_t loss_rate = 0;     ///< of 256
  std::uint8_t discard_rate = 0;  ///< of 256
  std::uint8_t burst_density = 0;
  std::uint8_t gap_density = 0;
  std::uint16_t burst_ms = 0;
  std::uint16_t gap_ms = 0;
  std::uint16_t round_trip_ms = 0;
  std::uint16_t end_system_ms = 0;
  std::uint8_t r_factor = 127;  ///< 0 to 100; 127: not known
  std::uint8_t mos_lq = 127;    ///< 10 to 50, tenths; 127: not known
  std::uint8_t mos_cq = 127;
};

/// A compound packet's reports.
struct RtcpReports {
  std::vector<SenderInfo> senders;
  std::vector<ReceptionReport> receptions;
  std::vector<VoipMetrics> metrics;
};

/// Reads SR, RR and XR's VoIP metrics (RFC 3550 §6, RFC 3611); other packets are skipped. Nothing unless the datagram
/// is packets of version 2 and types 192 to 223 that fill it exactly (RFC 3550 A.2): SRTCP is not, but for its first
/// packet's header. A packet too short for what its header counts ends the reading of that packet.
std::optional<RtcpReports> parse_rtcp(Bytes datagram);

}  // namespace tapestry::rtp
