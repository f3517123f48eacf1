#include "rtp/rtcp.h"

namespace tapestry::rtp {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::uint8_t kSenderReport = 200;
constexpr std::uint8_t kReceiverReport = 201;
constexpr std::uint8_t kExtendedReport = 207;
constexpr std::uint8_t kVoipMetrics = 7;  ///< RFC 3611 §4.7
constexpr std::size_t kVoipMetricsWords = 8;

/// One packet of a compound one: its header's fields, and what follows them.
struct Part {
  std::uint8_t count = 0;
  std::uint8_t type = 0;
  Bytes body;
};

/// RFC 3550 §6.4.1: padding may only end the last packet, and is skipped with it.
std::optional<Part> next_part(Cursor& cursor) {
  const std::uint8_t first = cursor.u8();
  const std::uint8_t type = cursor.u8();
  const std::size_t words = cursor.u16();
  const Bytes body = cursor.take(words * 4);
  if (!cursor.ok() || first >> 6U != 2 || type < 192 || type > 223) return std::nullopt;
  return Part{.count = static_cast<std::uint8_t>(first & 0x1fU), .type = type, .body = body};
}

bool room(const RtcpReports& reports) noexcept {
  return reports.senders.size() + reports.receptions.size() + reports.metrics.size() < kMaxRtcpReports;
}

void read_receptions(Cursor& cursor, std::uint8_t count, RtcpReports& reports) {
  for (std::uint8_t i = 0; i < count && room(reports); ++i) {
    ReceptionReport report;
    report.about = cursor.u32();
    const std::uint32_t lost = cursor.u32();
    report.fraction_lost = static_cast<std::uint8_t>(lost >> 24U);
    // The sign of 24 bits.
    report.cumulative_lost = static_cast<std::int32_t>(lost << 8U) >> 8;
    report.highest_sequence = cursor.u32();
    report.jitter = cursor.u32();
    report.last_sr = cursor.u32();
    report.delay_since_sr = cursor.u32();
    if (!cursor.ok()) return;
    reports.receptions.push_back(report);
  }
}

void read_sender(Cursor& cursor, RtcpReports& reports) {
  SenderInfo sender;
  sender.ssrc = cursor.u32();
  sender.ntp = cursor.u64();
  sender.timestamp = cursor.u32();
  sender.packets = cursor.u32();
  sender.octets = cursor.u32();
  if (cursor.ok() && room(reports)) reports.senders.push_back(sender);
}

void read_metrics(Bytes block, RtcpReports& reports) {
  Cursor cursor(block);
  VoipMetrics metrics;
  metrics.about = cursor.u32();
  metrics.loss_rate = cursor.u8();
  metrics.discard_rate = cursor.u8();
  metrics.burst_density = cursor.u8();
  metrics.gap_density = cursor.u8();
  metrics.burst_ms = cursor.u16();
  metrics.gap_ms = cursor.u16();
  metrics.round_trip_ms = cursor.u16();
  metrics.end_system_ms = cursor.u16();
  cursor.skip(4);  // signal and noise level, echo return loss, Gmin
  metrics.r_factor = cursor.u8();
  cursor.skip(1);  // of an external network
  metrics.mos_lq = cursor.u8();
  metrics.mos_cq = cursor.u8();
  if (cursor.ok() && room(reports)) reports.metrics.push_back(metrics);
}

void read_extended(Cursor& cursor, RtcpReports& reports) {
  cursor.skip(4);  // who reports
  while (cursor.ok() && cursor.left() > 0) {
    const std::uint8_t type = cursor.u8();
    cursor.skip(1);
    const std::size_t words = cursor.u16();
    const Bytes block = cursor.take(words * 4);
    if (cursor.ok() && type == kVoipMetrics && words == kVoipMetricsWords) read_metrics(block, reports);
  }
}

void read_part(const Part& part, RtcpReports& reports) {
  Cursor cursor(part.body);
  switch (part.type) {
    case kSenderReport:
      read_sender(cursor, reports);
      return read_receptions(cursor, part.count, reports);
    case kReceiverReport:
      cursor.skip(4);  // who reports
      return read_receptions(cursor, part.count, reports);
    case kExtendedReport:
      return read_extended(cursor, reports);
    default:
      return;
  }
}

}  // namespace

std::optional<RtcpReports> parse_rtcp(Bytes datagram) {
  if (datagram.size() < 2 * kHeaderBytes) return std::nullopt;
  // All headers first: only then is any of it RTCP.
  for (Cursor cursor(datagram); cursor.left() > 0;) {
    if (!next_part(cursor)) return std::nullopt;
  }
  RtcpReports reports;
  for (Cursor cursor(datagram); cursor.left() > 0;) {
    if (const auto part = next_part(cursor)) read_part(*part, reports);
  }
  return reports;
}

}  // namespace tapestry::rtp
