#include "rtp/rtcp.h"

#include <catch2/catch.hpp>
#include <string_view>

using namespace tapestry;

namespace {

std::vector<std::uint8_t> from_hex(std::string_view text) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4U | digit(text[i + 1])));
  }
  return bytes;
}

/// SR and SDES of captures/calls/gen_long_pcma.pcap.
const std::vector<std::uint8_t> kCaptured = from_hex(
    "81c8000cc8b8906ceeaa960ee46dc5d600017bdb000000fa00009c405fcf62a10000000000007bc200000005960ee35d00000106"
    "81ca0007c8b8906c01147369703a616c6963654031302e37372e302e31310000");

/// An XR packet with VoIP metrics (RFC 3611 §4.7), behind an empty RR.
const std::vector<std::uint8_t> kExtended = from_hex(
    "80c9000111223344"
    "80cf000a11223344"
    "0700000855667788"
    "0d1a4005"
    "00780bb8"
    "00500028"
    "ee80ff10"
    "5a7f2a29"
    "00000000"
    "00000000");

}  // namespace

TEST_CASE("a sender report reads as tshark reads it") {
  const auto reports = rtp::parse_rtcp(kCaptured);
  REQUIRE(reports);
  REQUIRE(reports->senders.size() == 1);
  CHECK(reports->senders[0].ssrc == 0xc8b8906c);
  CHECK(reports->senders[0].ntp == (std::uint64_t{4004156942} << 32U | 3832399318));
  CHECK(reports->senders[0].timestamp == 97243);
  CHECK(reports->senders[0].packets == 250);
  CHECK(reports->senders[0].octets == 40'000);
  REQUIRE(reports->receptions.size() == 1);
  const rtp::ReceptionReport& report = reports->receptions[0];
  CHECK(report.about == 0x5fcf62a1);
  CHECK(report.fraction_lost == 0);
  CHECK(report.cumulative_lost == 0);
  CHECK(report.highest_sequence == 31'682);
  CHECK(report.jitter == 5);
  CHECK(report.last_sr == 2'517'558'109);
  CHECK(report.delay_since_sr == 262);
}

TEST_CASE("VoIP metrics of an extended report are read") {
  const auto reports = rtp::parse_rtcp(kExtended);
  REQUIRE(reports);
  REQUIRE(reports->metrics.size() == 1);
  const rtp::VoipMetrics& metrics = reports->metrics[0];
  CHECK(metrics.about == 0x55667788);
  CHECK(metrics.loss_rate == 13);
  CHECK(metrics.discard_rate == 26);
  CHECK(metrics.burst_density == 64);
  CHECK(metrics.gap_density == 5);
  CHECK(metrics.burst_ms == 120);
  CHECK(metrics.gap_ms == 3000);
  CHECK(metrics.round_trip_ms == 80);
  CHECK(metrics.end_system_ms == 40);
  CHECK(metrics.r_factor == 90);
  CHECK(metrics.mos_lq == 42);
  CHECK(metrics.mos_cq == 41);
}

TEST_CASE("cumulative loss may be negative") {
  std::vector<std::uint8_t> packet = kCaptured;
  packet[33] = 0xff;
  packet[34] = 0xff;
  packet[35] = 0xfe;
  CHECK(rtp::parse_rtcp(packet)->receptions.at(0).cumulative_lost == -2);
}

TEST_CASE("what does not fill its datagram exactly is no RTCP") {
  for (std::size_t length = 0; length < kCaptured.size(); ++length) {
    const bool whole = length == 52;  // the sender report alone
    CHECK(rtp::parse_rtcp(Bytes(kCaptured).first(length)).has_value() == whole);
  }
  std::vector<std::uint8_t> secure = kCaptured;
  secure.resize(52 + 14, 0xa5);  // SRTCP: index and tag behind it
  CHECK_FALSE(rtp::parse_rtcp(secure));
  std::vector<std::uint8_t> version = kCaptured;
  version[52] = 0x41;
  CHECK_FALSE(rtp::parse_rtcp(version));
}

TEST_CASE("reports that a packet counts but does not hold are not read") {
  std::vector<std::uint8_t> packet(kCaptured.begin(), kCaptured.begin() + 52);
  packet[0] = 0x9f;
  CHECK(rtp::parse_rtcp(packet)->receptions.size() == 1);
}

TEST_CASE("a compound packet gives a bounded number of reports") {
  std::vector<std::uint8_t> packet;
  for (int i = 0; i < 200; ++i) packet.insert(packet.end(), kCaptured.begin(), kCaptured.begin() + 52);
  const auto reports = rtp::parse_rtcp(packet);
  REQUIRE(reports);
  CHECK(reports->senders.size() + reports->receptions.size() == rtp::kMaxRtcpReports);
}
