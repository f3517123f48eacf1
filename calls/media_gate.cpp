#include "calls/media_gate.h"

#include "calls/payloads.h"

namespace tapestry::calls {
namespace {

constexpr std::string_view kEvents = "TELEPHONE-EVENT";
constexpr std::size_t kFirstDynamic = 96;  // RFC 3551 §6

/// Whether a stream has types other than RFC 3551's audio.
bool may_carry_events(const rtp::FlowStats& stats) noexcept {
  constexpr std::uint64_t kStaticAudio = 0x000e'ffff;  // 0 to 15, 17 to 19
  return (stats.payload_types[0] & ~kStaticAudio) != 0 || stats.payload_types[1] != 0;
}

pause::EventTypes event_types(const Call& call, const Track& track) {
  pause::EventTypes types;
  for (std::size_t type = kFirstDynamic; type < types.possible.size(); ++type) types.possible.set(type);
  for (const PayloadMapping& mapping : payload_mappings(call, track.sender, track.media)) {
    types.possible.reset(mapping.payload_type);
    if (mapping.encoding != kEvents) continue;
    types.told.set(mapping.payload_type);
    types.clock_hz = mapping.clock_hz;
  }
  std::bitset<128> seen;
  for (std::size_t type = 0; type < seen.size(); ++type)
    seen.set(type, track.stats.has_type(static_cast<std::uint8_t>(type)));
  types.told &= seen;
  types.possible &= seen;
  return types;
}

}  // namespace

const rtp::Chunk& MediaGate::admit(const Call& call, const OpenTrack& open, const MediaClaim& claim,
                                   const rtp::Chunk& chunk) {
  pause::EventTypes events;
  if (claim.encryption.empty() && may_carry_events(open.track.stats)) {
    events = event_types(call, open.track);
    keys_.on_events(call, open.track, events, chunk);
  }
  const pause::Pauses& pauses = conversations_.of(call.serial).pauses;
  return pause::filter(chunk, pauses, events, kept_) ? kept_ : chunk;
}

}  // namespace tapestry::calls
