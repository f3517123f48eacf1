#include "capture/fragments.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::seconds;

const Time kStart{seconds(1'700'000'000)};

Buffer pattern(std::size_t size) {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 13 + i / 256);
  return bytes;
}

IpPacket parsed(Bytes bytes) {
  IpPacket packet;
  REQUIRE((bytes[0] >> 4U == 6 ? parse_ipv6(bytes, 0, packet) : parse_ipv4(bytes, 0, packet)));
  return packet;
}

std::vector<Buffer> pieces(bool v6, Bytes payload, std::uint16_t id = 1, std::size_t mtu = 576) {
  const IpAddress a = endpoint(v6 ? "[2001:db8::1]:1" : "10.0.0.1:1").ip;
  const IpAddress b = endpoint(v6 ? "[2001:db8::2]:1" : "10.0.0.2:1").ip;
  return fragments(ip_packet(a, b, kUdp, payload, id), mtu, id);
}

/// A fragment of nothing in particular.
IpPacket piece(std::uint32_t at, Bytes payload, bool more, std::uint32_t id = 1) {
  IpPacket packet;
  packet.source = endpoint("10.0.0.1:1").ip;
  packet.destination = endpoint("10.0.0.2:1").ip;
  packet.protocol = kUdp;
  packet.payload = payload;
  packet.payload_length = payload.size();
  packet.fragment = true;
  packet.more_fragments = more;
  packet.fragment_at = at;
  packet.identification = id;
  return packet;
}

std::uint64_t sum(const FragmentTally& tally) { return tally.used + tally.duplicate + tally.dropped; }

TEST_CASE("fragments of both IP versions are put together in any order, duplicates ignored") {
  const bool v6 = GENERATE(false, true);
  const Buffer payload = pattern(9001);
  auto all = pieces(v6, payload);
  all.push_back(all.at(3));
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::ranges::shuffle(all, random);
    Fragments table{DecoderLimits{}};
    std::size_t whole = 0;
    for (const Buffer& bytes : all) {
      IpPacket packet = parsed(bytes);
      if (!table.add(kStart, packet)) continue;
      ++whole;
      REQUIRE(std::ranges::equal(packet.payload, payload));
      REQUIRE(packet.protocol == kUdp);
      REQUIRE_FALSE(packet.fragment);
    }
    REQUIRE(whole == 1);
    table.finish();
    REQUIRE(table.tally().seen == all.size());
    REQUIRE(sum(table.tally()) == all.size());
    REQUIRE(table.tally().packets == 1);
  }
}

TEST_CASE("where fragments overlap the first wins") {
  Fragments table{DecoderLimits{}};
  IpPacket one = piece(8, as_bytes("BBBBBBBBCCCCCCCC"), true);
  REQUIRE_FALSE(table.add(kStart, one));
  IpPacket two = piece(0, as_bytes("aaaaaaaabbbbbbbb"), true);
  REQUIRE_FALSE(table.add(kStart, two));
  IpPacket three = piece(16, as_bytes("ccccccccdd"), false);
  REQUIRE(table.add(kStart, three));
  REQUIRE(as_text(three.payload) == "aaaaaaaaBBBBBBBBCCCCCCCCdd");
}

TEST_CASE("a last fragment that only tells the end completes the packet") {
  Fragments table{DecoderLimits{}};
  IpPacket one = piece(0, as_bytes("aaaaaaaabbbbbbbb"), true);
  REQUIRE_FALSE(table.add(kStart, one));
  IpPacket two = piece(8, as_bytes("xxxxxxxx"), false);
  REQUIRE(table.add(kStart, two));
  REQUIRE(as_text(two.payload) == "aaaaaaaabbbbbbbb");
  REQUIRE(table.tally().used == 2);
}

TEST_CASE("fragments that contradict others or themselves are dropped and counted") {
  Fragments table{DecoderLimits{}};
  const auto refused = [&](IpPacket packet) {
    const std::uint64_t before = table.tally().dropped;
    REQUIRE_FALSE(table.add(kStart, packet));
    REQUIRE(table.tally().dropped == before + 1);
  };
  refused(piece(0, {}, true));
  refused(piece(0, as_bytes("not eight"), true));
  refused(piece(65528, as_bytes("beyond the end"), false));
  IpPacket cut = piece(0, as_bytes("12345678"), true);
  cut.payload_length = 16;
  refused(cut);
  IpPacket last = piece(16, as_bytes("end"), false);
  REQUIRE_FALSE(table.add(kStart, last));
  refused(piece(16, as_bytes("other end"), false));
  refused(piece(16, as_bytes("behind it"), false));
  refused(piece(24, as_bytes("12345678"), true));
  IpPacket far = piece(800, as_bytes("12345678"), true, 2);
  REQUIRE_FALSE(table.add(kStart, far));
  refused(piece(8, as_bytes("end"), false, 2));
  table.finish();
  REQUIRE(sum(table.tally()) == table.tally().seen);
  REQUIRE(table.tally().sets_left == 2);
}

TEST_CASE("packets whose fragments do not all come age out in packet time") {
  Fragments table{DecoderLimits{.fragment_age = seconds(30)}};
  const auto all = pieces(false, pattern(2000));
  IpPacket first = parsed(all.at(0));
  REQUIRE_FALSE(table.add(kStart, first));
  IpPacket other = piece(8, as_bytes("12345678"), true, 99);
  REQUIRE_FALSE(table.add(kStart + seconds(31), other));
  REQUIRE(table.tally().sets_expired == 1);
  REQUIRE(table.tally().dropped == 1);
  for (std::size_t i = 1; i < all.size(); ++i) {
    IpPacket packet = parsed(all.at(i));
    REQUIRE_FALSE(table.add(kStart + seconds(31), packet));
  }
}

TEST_CASE("the number of incomplete packets is bounded: the oldest goes") {
  Fragments table{DecoderLimits{.fragment_sets = 4}};
  for (std::uint32_t id = 0; id < 10; ++id) {
    IpPacket packet = piece(8, as_bytes("12345678"), true, id);
    REQUIRE_FALSE(table.add(kStart, packet));
  }
  REQUIRE(table.tally().sets_evicted == 6);
  IpPacket middle = piece(0, as_bytes("abcdefgh"), true, 9);
  REQUIRE_FALSE(table.add(kStart, middle));
  IpPacket end = piece(16, as_bytes("end"), false, 9);
  REQUIRE(table.add(kStart, end));
  table.finish();
  REQUIRE(table.tally().dropped == 9);
  REQUIRE(sum(table.tally()) == table.tally().seen);
}

TEST_CASE("the bytes of incomplete packets are bounded: the oldest goes") {
  Fragments table{DecoderLimits{.fragment_bytes = 100'000}};
  for (std::uint32_t id = 0; id < 10; ++id) {
    IpPacket packet = piece(40'000, as_bytes("12345678"), true, id);
    REQUIRE_FALSE(table.add(kStart, packet));
  }
  REQUIRE(table.tally().sets_evicted == 8);
  REQUIRE(table.tally().dropped == 8);
}

}  // namespace
}  // namespace tapestry::capture
