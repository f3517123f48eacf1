#include "pause/gate.h"

#include <algorithm>
#include <vector>

namespace tapestry::pause {
namespace {

/// A telephone-event's octets; RFC 4733 §2.5.1.2 allows several in one packet.
constexpr std::size_t kEventBytes = 4;
/// A chunk is in order of arrival; a clock that steps back may put a packet so far outside of its ends.
constexpr Duration kDisorder = std::chrono::seconds(2);

/// So long, and by so few packets, may something be late (5 s of 20 ms).
constexpr Duration kLate = std::chrono::seconds(5);
constexpr int kMostLate = 256;

int ahead(std::uint16_t of, std::uint16_t sequence) noexcept {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - of));
}

void extend(Tail& tail, const rtp::Packet& packet) noexcept {
  const bool far = tail.highest && packet.arrival - tail.last > kLate;
  if (!tail.highest || far || ahead(*tail.highest, packet.sequence) > 0) tail.highest = packet.sequence;
  tail.last = packet.arrival;
}

bool is_late(const Tail& tail, const rtp::Packet& packet) noexcept {
  if (!tail.highest || packet.arrival < tail.last || packet.arrival - tail.last > kLate) return false;
  const int step = ahead(*tail.highest, packet.sequence);
  return step <= 0 && step > -kMostLate;
}

bool concerns(const rtp::Chunk& chunk, const Pauses& pauses) {
  return std::ranges::any_of(pauses.list(), [&](const Pause& pause) {
    return pause.start <= chunk.last() + kDisorder && chunk.first() - kDisorder < pause.end;
  });
}

void append_masked(const rtp::Packet& packet, rtp::Chunk& kept) {
  std::vector<std::uint8_t> raw(packet.raw.begin(), packet.raw.end());
  const auto header = static_cast<std::size_t>(packet.payload.data() - packet.raw.data());
  for (std::size_t at = 0; at < packet.payload.size(); at += kEventBytes) raw[header + at] = kMaskedEvent;
  rtp::Packet masked = packet;
  masked.raw = raw;
  masked.payload = Bytes(raw).subspan(header, packet.payload.size());
  kept.append(masked);
}

}  // namespace

bool is_event(const rtp::Packet& packet, const EventTypes& events) noexcept {
  return events.told.test(packet.payload_type) ||
         (events.possible.test(packet.payload_type) && packet.payload.size() == kEventBytes);
}

bool filter(const rtp::Chunk& chunk, const Pauses& pauses, const EventTypes& events, Tail& tail, rtp::Chunk& kept) {
  const bool tailed = tail.highest && chunk.first() - kDisorder < tail.last + kLate;
  if (events.told.none() && events.possible.none() && !tailed && !concerns(chunk, pauses)) return false;
  kept.reset(chunk.flow());
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    if (pauses.covers(packet.arrival)) return extend(tail, packet);
    if (is_late(tail, packet)) return;
    if (is_event(packet, events)) {
      append_masked(packet, kept);
    } else {
      kept.append(packet);
    }
  });
  return true;
}

}  // namespace tapestry::pause
