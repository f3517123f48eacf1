#pragma once
#include <bitset>
#include <cstdint>
#include <optional>

#include "pause/pauses.h"
#include "rtp/chunk.h"

namespace tapestry::pause {

/// Payload types of a stream that carry telephone-events in clear.
struct EventTypes {
  std::bitset<128> told;      ///< by SDP
  std::bitset<128> possible;  ///< nobody says what they are: what is as long as an event is taken for one
  std::bitset<128> red{};     ///< by SDP redundancy (RFC 2198), whose blocks may be events
  std::uint32_t clock_hz = 8000;
};

/// The packet's telephone-event, as far as anybody knows: its payload, or the primary block in its redundancy. Empty
/// when it is none.
Bytes event_of(const rtp::Packet& packet, const EventTypes& events) noexcept;

/// What a telephone-event's first octet becomes (RFC 4733 §2.3.1: events above 15 are no keys).
inline constexpr std::uint8_t kMaskedEvent = 0xff;

/// The last of what a pause kept out of a stream: a mirror's copies of it, and what was late on the way, may come when
/// the pause is over.
struct Tail {
  std::optional<std::uint16_t> highest{};  ///< sequence number
  Time last{};                             ///< arrival
};

/// Copies to `kept`, which it empties first, what may be kept of a chunk: packets that came in a pause are left out,
/// and for some seconds what was sent before the last of them, and telephone-events lose their keys. `tail` is the
/// stream's. False when all of the chunk may be kept as it is; `kept` means nothing then.
bool filter(const rtp::Chunk& chunk, const Pauses& pauses, const EventTypes& events, Tail& tail, rtp::Chunk& kept);

}  // namespace tapestry::pause
