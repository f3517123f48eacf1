#include "rtp/chunk.h"

#include <catch2/catch.hpp>
#include <vector>

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
