#include "pause/gate.h"

#include <algorithm>
#include <vector>

namespace tapestry::pause {
namespace {

/// A telephone-event's octets; RFC 4733 §2.5.1.2 allows several in one packet.
constexpr std::size_t kEventBytes = 4;
/// A chunk is in order of arrival; a clock that steps back may put a packet so far outside of its ends.
constexpr Duration kDisorder = std::chrono::seconds(2);

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

bool filter(const rtp::Chunk& chunk, const Pauses& pauses, const EventTypes& events, rtp::Chunk& kept) {
  if (events.told.none() && events.possible.none() && !concerns(chunk, pauses)) return false;
  kept.reset(chunk.flow());
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    if (pauses.covers(packet.arrival)) return;
    if (is_event(packet, events)) {
      append_masked(packet, kept);
    } else {
      kept.append(packet);
    }
  });
  return true;
}

}  // namespace tapestry::pause
