#include "pause/gate.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace tapestry;
using pause::EventTypes;
using pause::Pauses;

namespace {

Time at(int ms) { return Time(std::chrono::milliseconds(1'000'000 + ms)); }

rtp::Chunk chunk_of(const std::vector<int>& arrivals, std::uint8_t type, const std::vector<std::uint8_t>& payload) {
  rtp::Chunk chunk(7);
  std::uint16_t sequence = 1;
  for (const int ms : arrivals) {
    chunk.append({.arrival = at(ms),
                  .timestamp = static_cast<std::uint32_t>(ms * 8),
                  .ssrc = 5,
                  .sequence = sequence++,
                  .payload_type = type,
                  .marker = false,
                  .payload = payload,
                  .raw = {}});
  }
  return chunk;
}

struct Kept {
  Time arrival;
  std::uint16_t sequence = 0;
  std::vector<std::uint8_t> payload;
};

std::vector<Kept> packets_of(const rtp::Chunk& chunk) {
  std::vector<Kept> all;
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    all.push_back({packet.arrival, packet.sequence, {packet.payload.begin(), packet.payload.end()}});
  });
  return all;
}

Pauses paused(int from, int to) {
  Pauses pauses;
  REQUIRE(pauses.hold({.name = "a", .since = at(from)}));
  if (to > from) REQUIRE(pauses.release("a", at(to), {}, pause::PauseEnd::Resume));
  return pauses;
}

}  // namespace

TEST_CASE("without a pause and without events a chunk is kept as it is") {
  rtp::Chunk kept;
  pause::Tail tail;
  CHECK_FALSE(filter(chunk_of({0, 20, 40}, 0, {1, 2, 3}), Pauses(), {}, tail, kept));
  CHECK_FALSE(filter(chunk_of({0, 20, 40}, 0, {1, 2, 3}), paused(60'000, 70'000), {}, tail, kept));
}

TEST_CASE("packets that came in a pause are left out, to the packet") {
  rtp::Chunk kept;
  pause::Tail tail;
  REQUIRE(filter(chunk_of({0, 20, 40, 60, 80}, 0, {1, 2, 3}), paused(20, 60), {}, tail, kept));
  const auto packets = packets_of(kept);
  REQUIRE(packets.size() == 3);
  CHECK(packets[0].sequence == 1);
  CHECK(packets[1].sequence == 4);
  CHECK(packets[2].arrival == at(80));
  CHECK(kept.flow() == 7);
}

TEST_CASE("a chunk within a pause leaves nothing") {
  rtp::Chunk kept;
  pause::Tail tail;
  REQUIRE(filter(chunk_of({100, 120}, 0, {1, 2, 3}), paused(50, 0), {}, tail, kept));
  CHECK(kept.empty());
  CHECK(kept.bytes().empty());
}

TEST_CASE("a telephone-event loses its key and nothing else") {
  rtp::Chunk kept;
  pause::Tail tail;
  EventTypes events;
  events.told.set(101);
  REQUIRE(filter(chunk_of({0, 20}, 101, {4, 0x8a, 0x03, 0x20}), Pauses(), events, tail, kept));
  const auto packets = packets_of(kept);
  REQUIRE(packets.size() == 2);
  CHECK(packets[0].payload == std::vector<std::uint8_t>{pause::kMaskedEvent, 0x8a, 0x03, 0x20});
  CHECK(packets[1].arrival == at(20));
}

TEST_CASE("several events in one packet all lose their keys, and a short payload is no trap") {
  rtp::Chunk kept;
  pause::Tail tail;
  EventTypes events;
  events.told.set(101);
  REQUIRE(filter(chunk_of({0}, 101, {4, 1, 2, 3, 5, 1, 2, 3, 6}), Pauses(), events, tail, kept));
  CHECK(packets_of(kept)[0].payload == std::vector<std::uint8_t>{0xff, 1, 2, 3, 0xff, 1, 2, 3, 0xff});
  REQUIRE(filter(chunk_of({0}, 101, {}), Pauses(), events, tail, kept));
  CHECK(packets_of(kept)[0].payload.empty());
}

TEST_CASE("of a type that nobody names only what is as long as an event is taken for one") {
  rtp::Chunk kept;
  pause::Tail tail;
  EventTypes events;
  events.possible.set(100);
  REQUIRE(filter(chunk_of({0}, 100, {4, 1, 2, 3}), Pauses(), events, tail, kept));
  CHECK(packets_of(kept)[0].payload.front() == 0xff);
  REQUIRE(filter(chunk_of({0}, 100, {4, 1, 2, 3, 4}), Pauses(), events, tail, kept));
  CHECK(packets_of(kept)[0].payload.front() == 4);
}

TEST_CASE("what was sent in a pause and comes after it is left out, too") {
  rtp::Chunk kept;
  pause::Tail tail;
  const Pauses pauses = paused(20, 60);
  REQUIRE(filter(chunk_of({0, 20, 40}, 0, {1, 2, 3}), pauses, {}, tail, kept));
  // Copies of the three, and what follows them.
  REQUIRE(filter(chunk_of({70, 80, 90, 100, 120}, 0, {1, 2, 3}), pauses, {}, tail, kept));
  const auto packets = packets_of(kept);
  REQUIRE(packets.size() == 2);
  CHECK(packets[0].sequence == 4);
  CHECK(packets[1].sequence == 5);
  CHECK_FALSE(filter(chunk_of({9000, 9020}, 0, {1, 2, 3}), pauses, {}, tail, kept));
}

TEST_CASE("events inside of redundancy lose their keys, in every block") {
  EventTypes events;
  events.told.set(101);
  events.red.set(96);
  // RFC 2198: a redundant block of type 101, 160 ticks before, and a primary one of type 101.
  const std::vector<std::uint8_t> payload{0x80 | 101, 0x02, 0x80, 0x04, 101, 7, 10, 0, 80, 8, 10, 0, 160};
  rtp::Chunk kept;
  pause::Tail tail;
  REQUIRE(filter(chunk_of({0, 20}, 96, payload), Pauses(), events, tail, kept));
  const auto packets = packets_of(kept);
  REQUIRE(packets.size() == 2);
  for (const Kept& one : packets) {
    CHECK(one.payload[5] == pause::kMaskedEvent);
    CHECK(one.payload[9] == pause::kMaskedEvent);
    CHECK(one.payload[8] == 80);
  }
  // Redundancy of audio stays as it is.
  const std::vector<std::uint8_t> audio{0x80, 0x02, 0x80, 0x04, 0, 7, 10, 0, 80, 8, 10, 0, 160};
  REQUIRE(filter(chunk_of({0}, 96, audio), Pauses(), events, tail, kept));
  CHECK(packets_of(kept).front().payload == audio);
}
