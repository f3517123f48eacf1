#include "pause/gate.h"

#include <algorithm>
#include <vector>

#include "rtp/red_payload.h"

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

bool is_event(std::uint8_t type, Bytes payload, const EventTypes& events) noexcept {
  return events.told.test(type) || (events.possible.test(type) && payload.size() == kEventBytes);
}

bool concerns(const rtp::Chunk& chunk, const Pauses& pauses) {
  return std::ranges::any_of(pauses.list(), [&](const Pause& pause) {
    return pause.start <= chunk.last() + kDisorder && chunk.first() - kDisorder < pause.end;
  });
}

/// The parts of a packet that are telephone-events.
std::vector<Bytes> events_in(const rtp::Packet& packet, const EventTypes& events) {
  std::vector<Bytes> found;
  if (const Bytes event = event_of(packet, events); !event.empty()) found.push_back(event);
  if (!events.red.test(packet.payload_type)) return found;
  std::vector<rtp::RedBlock> older;
  rtp::redundant_blocks(packet.payload, older);
  for (const rtp::RedBlock& block : older) {
    if (is_event(block.payload_type, block.bytes, events)) found.push_back(block.bytes);
  }
  return found;
}

void append_masked(const rtp::Packet& packet, const std::vector<Bytes>& parts, rtp::Chunk& kept) {
  std::vector<std::uint8_t> raw(packet.raw.begin(), packet.raw.end());
  for (const Bytes part : parts) {
    const auto begin = static_cast<std::size_t>(part.data() - packet.raw.data());
    for (std::size_t at = 0; at < part.size(); at += kEventBytes) raw[begin + at] = kMaskedEvent;
  }
  rtp::Packet masked = packet;
  masked.raw = raw;
  masked.payload =
      Bytes(raw).subspan(static_cast<std::size_t>(packet.payload.data() - packet.raw.data()), packet.payload.size());
  kept.append(masked);
}

}  // namespace

Bytes event_of(const rtp::Packet& packet, const EventTypes& events) noexcept {
  if (is_event(packet.payload_type, packet.payload, events)) return packet.payload;
  if (!events.red.test(packet.payload_type)) return {};
  const auto primary = rtp::primary_block(packet.payload);
  return primary && is_event(primary->payload_type, primary->bytes, events) ? primary->bytes : Bytes{};
}

bool filter(const rtp::Chunk& chunk, const Pauses& pauses, const EventTypes& events, Tail& tail, rtp::Chunk& kept) {
  const bool tailed = tail.highest && chunk.first() - kDisorder < tail.last + kLate;
  if (events.told.none() && events.possible.none() && events.red.none() && !tailed && !concerns(chunk, pauses))
    return false;
  kept.reset(chunk.flow());
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    if (pauses.covers(packet.arrival)) return extend(tail, packet);
    if (is_late(tail, packet)) return;
    if (const std::vector<Bytes> parts = events_in(packet, events); !parts.empty()) {
      append_masked(packet, parts, kept);
    } else {
      kept.append(packet);
    }
  });
  return true;
}

}  // namespace tapestry::pause
