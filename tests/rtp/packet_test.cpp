#include "rtp/packet.h"

#include <catch2/catch.hpp>

#include "tests/support/packet_builder.h"

using namespace tapestry;
using testing::Buffer;

namespace {
const Time kTime = Time(std::chrono::seconds(1000));
}

TEST_CASE("a plain RTP header is read field by field") {
  const Buffer bytes = testing::rtp_packet(8, 65535, 0xfffffff0, 0xdeadbeef, true, as_bytes("payload"));
  const auto packet = rtp::parse_packet(bytes, kTime);
  REQUIRE(packet);
  CHECK(packet->arrival == kTime);
  CHECK(packet->payload_type == 8);
  CHECK(packet->marker);
  CHECK(packet->sequence == 65535);
  CHECK(packet->timestamp == 0xfffffff0);
  CHECK(packet->ssrc == 0xdeadbeef);
  CHECK(as_text(packet->payload) == "payload");
}

TEST_CASE("contributing sources, extension and padding are left out of the payload") {
  Buffer bytes = testing::rtp_packet(0, 1, 160, 7, false, {});
  bytes[0] = 0x80 | 0x20 | 0x10 | 2;   // padding, extension, two CSRCs
  bytes.insert(bytes.end(), 8, 0xcc);  // CSRCs
  for (const int octet : {0xbe, 0xde, 0, 1, 1, 2, 3, 4}) bytes.push_back(static_cast<std::uint8_t>(octet));
  for (const int octet : {int{'a'}, int{'b'}, 0, 0, 3}) bytes.push_back(static_cast<std::uint8_t>(octet));
  const auto packet = rtp::parse_packet(bytes, kTime);
  REQUIRE(packet);
  CHECK(as_text(packet->payload) == "ab");
}

TEST_CASE("what is no RTP gives nothing") {
  Buffer bytes = testing::rtp_packet(0, 1, 160, 7, false, as_bytes("x"));
  CHECK_FALSE(rtp::parse_packet(Bytes(bytes).first(11), kTime));
  CHECK_FALSE(rtp::parse_packet({}, kTime));
  Buffer version = bytes;
  version[0] = 0x40;
  CHECK_FALSE(rtp::parse_packet(version, kTime));
  Buffer sources = bytes;
  sources[0] = 0x8f;
  CHECK_FALSE(rtp::parse_packet(sources, kTime));
  Buffer padding = bytes;
  padding[0] = 0xa0;
  padding.back() = 2;
  CHECK_FALSE(rtp::parse_packet(padding, kTime));
  padding.back() = 0;
  CHECK_FALSE(rtp::parse_packet(padding, kTime));
}

TEST_CASE("RTCP is told from RTP by its packet type") {
  const Buffer report{0x80, 200, 0, 1, 1, 2, 3, 4};
  CHECK(rtp::is_rtcp(report));
  CHECK_FALSE(rtp::parse_packet(report, kTime));
  CHECK_FALSE(rtp::is_rtcp(Bytes(report).first(7)));
  Buffer lying = report;
  lying[3] = 9;
  CHECK_FALSE(rtp::is_rtcp(lying));
}

TEST_CASE("a snapped packet's missing padding does not matter") {
  Buffer bytes = testing::rtp_packet(0, 1, 160, 7, false, as_bytes("cut"));
  bytes[0] |= 0x20;
  CHECK(rtp::parse_packet(bytes, kTime, rtp::Padding::Unknown));
}
