#include "rtp/chunk.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/packet_builder.h"

namespace tapestry::rtp {
namespace {

Packet packet(std::uint16_t sequence, Bytes payload) {
  Packet made;
  made.arrival = Time(std::chrono::seconds(sequence));
  made.sequence = sequence;
  made.timestamp = 160U * sequence;
  made.ssrc = 7;
  made.payload_type = 127;
  made.marker = sequence % 2 == 0;
  made.payload = payload;
  return made;
}

}  // namespace

TEST_CASE("a chunk's stored form gives the packets back") {
  Chunk chunk(3);
  const std::vector<std::uint8_t> payload(65'535, 0x5a);
  for (std::uint16_t i = 0; i < 4; ++i) chunk.append(packet(i, Bytes(payload).first(i * 21'845U)));
  CHECK(chunk.flow() == 3);
  CHECK(chunk.packets() == 4);
  CHECK(chunk.first() == Time{});
  CHECK(chunk.last() == Time(std::chrono::seconds(3)));
  std::uint16_t next = 0;
  Chunk::for_each(chunk.bytes(), [&](const Packet& got) {
    const Packet put = packet(next++, {});
    CHECK(got.arrival == put.arrival);
    CHECK(got.sequence == put.sequence);
    CHECK(got.timestamp == put.timestamp);
    CHECK(got.ssrc == 7);
    CHECK(got.payload_type == 127);
    CHECK(got.marker == put.marker);
    CHECK(got.payload.size() == put.sequence * 21'845U);
  });
  CHECK(next == 4);
}

TEST_CASE("a chunk keeps packets as they were on the wire, with CSRCs, extension and padding") {
  auto odd = testing::rtp_packet(8, 1, 160, 7, true, {});
  odd[0] = 0x80 | 0x20 | 0x10 | 1;
  for (const int octet : {1, 2, 3, 4, 0xbe, 0xde, 0, 1, 5, 6, 7, 8, int{'a'}, int{'b'}, 0, 2}) {
    odd.push_back(static_cast<std::uint8_t>(octet));
  }
  auto encrypted = testing::rtp_packet(8, 2, 320, 7, false, as_bytes("whole"));
  encrypted[0] |= 0x20;
  Chunk chunk(1);
  for (const auto& [bytes, padding] : {std::pair(odd, Padding::Counted), std::pair(encrypted, Padding::Unknown)}) {
    const auto read = parse_packet(bytes, Time{}, padding);
    REQUIRE(read);
    chunk.append(*read);
  }
  std::vector<std::vector<std::uint8_t>> raw;
  std::vector<std::string> payloads;
  Chunk::for_each(chunk.bytes(), [&](const Packet& got) {
    raw.emplace_back(got.raw.begin(), got.raw.end());
    payloads.emplace_back(as_text(got.payload));
    CHECK(got.payload_type == 8);
    CHECK(got.ssrc == 7);
  });
  CHECK(raw == std::vector{odd, encrypted});
  CHECK(payloads == std::vector<std::string>{"ab", "whole"});
}

TEST_CASE("a chunk knows its least and greatest arrival, in whatever order packets came") {
  Chunk chunk(1);
  const std::vector<std::uint8_t> payload(160, 0x5a);
  for (const std::uint16_t second : std::initializer_list<std::uint16_t>{5, 9, 2, 7})
    chunk.append(packet(second, payload));
  CHECK(chunk.first() == Time(std::chrono::seconds(5)));
  CHECK(chunk.last() == Time(std::chrono::seconds(7)));
  CHECK(chunk.oldest() == Time(std::chrono::seconds(2)));
  CHECK(chunk.newest() == Time(std::chrono::seconds(9)));
}

TEST_CASE("packets of a stored chunk can be erased by their arrival, header and all") {
  Chunk chunk(1);
  const std::vector<std::uint8_t> payload(160, 0x5a);
  for (std::uint16_t second = 0; second < 10; ++second) chunk.append(packet(second, payload));
  std::vector<std::uint8_t> stored(chunk.bytes().begin(), chunk.bytes().end());
  const auto at = [](int second) { return Time(std::chrono::seconds(second)); };
  const Chunk::Erased erased = Chunk::erase(stored, at(3), at(6));
  CHECK(erased.packets == 3);
  CHECK(erased.newest == at(9));
  std::vector<int> left;
  Chunk::for_each(stored, [&](const Packet& got) {
    left.push_back(got.sequence);
    CHECK(std::ranges::equal(got.payload, payload));
  });
  CHECK(left == std::vector{0, 1, 2, 6, 7, 8, 9});
  CHECK(std::ranges::count(stored, 0x5a) == 7 * 160);
  CHECK(stored.size() == chunk.used_bytes());

  CHECK(Chunk::erase(stored, at(3), at(6)).packets == 0);
  CHECK(Chunk::erase(stored, Time::min(), Time::max()).packets == 7);
  Chunk::for_each(stored, [](const Packet&) { FAIL("nothing is left"); });
  CHECK(Chunk::erase({}, at(3), at(6)).newest == Time::min());
}

TEST_CASE("a chunk that is reset keeps its memory, until it gives it back") {
  Chunk chunk(1);
  const std::vector<std::uint8_t> payload(160);
  chunk.append(packet(1, payload));
  const std::size_t held = chunk.held_bytes();
  CHECK(held >= 160);
  chunk.reset(2);
  CHECK(chunk.empty());
  CHECK(chunk.held_bytes() == held);
  chunk.append(packet(1, payload));
  chunk.give_back_memory();
  CHECK(chunk.empty());
  CHECK(chunk.flow() == 2);
  CHECK(chunk.held_bytes() < 32);
}

}  // namespace tapestry::rtp
