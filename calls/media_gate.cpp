#include "calls/media_gate.h"

#include <algorithm>

#include "calls/payloads.h"

namespace tapestry::calls {
namespace {

constexpr std::string_view kEvents = "TELEPHONE-EVENT";
constexpr std::string_view kRedundancy = "RED";
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
    if (mapping.encoding == kRedundancy) types.red.set(mapping.payload_type);
    if (mapping.encoding != kEvents) continue;
    types.told.set(mapping.payload_type);
    types.clock_hz = mapping.clock_hz;
  }
  std::bitset<128> seen;
  for (std::size_t type = 0; type < seen.size(); ++type)
    seen.set(type, track.stats.has_type(static_cast<std::uint8_t>(type)));
  types.possible &= seen;
  types.red &= seen;
  // Inside of redundancy events are not seen as a type of their own.
  if (types.red.none()) types.told &= seen;
  return types;
}

}  // namespace

const rtp::Chunk& MediaGate::admit(Call& call, OpenTrack& open, bool clear, const rtp::Chunk& chunk) {
  pause::EventTypes events;
  if (clear && may_carry_events(open.track.stats)) {
    events = event_types(call, open.track);
    keys_.on_events(call, open.track, events, chunk);
  }
  if (clear) keys_.on_tones(call, open.track, chunk);
  const Conversation& conversation = conversations_.of(call.serial);
  const bool paused = !conversation.pauses.holders().empty();
  if (!waiting_.empty() && !paused) let_go(conversation);
  if (keys_.keys_resume() && paused) wait(call, open.track, events, chunk, conversation.pauses);
  return pause::filter(chunk, conversation.pauses, events, open.paused, kept_) ? kept_ : chunk;
}

void MediaGate::wait(const Call& call, const Track& track, const pause::EventTypes& events, const rtp::Chunk& chunk,
                     const pause::Pauses& pauses) {
  Waiting one{.call = call.serial, .track = track.id, .events = events, .chunk = rtp::Chunk(chunk.flow())};
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    if (pauses.covers(packet.arrival)) one.chunk.append(packet);
  });
  if (one.chunk.empty() || waiting_bytes_ + one.chunk.used_bytes() > kMaxWaitingBytes) return;
  waiting_bytes_ += one.chunk.used_bytes();
  waiting_.push_back(std::move(one));
}

void MediaGate::let_go(const Conversation& conversation) {
  std::erase_if(waiting_, [&](Waiting& one) {
    if (std::ranges::find(conversation.calls, one.call) == conversation.calls.end()) return false;
    pause::Tail none;
    const bool changed = pause::filter(one.chunk, conversation.pauses, one.events, none, late_);
    keep(one, changed ? late_ : one.chunk);
    waiting_bytes_ -= one.chunk.used_bytes();
    return true;
  });
}

void MediaGate::keep(const Waiting& one, const rtp::Chunk& chunk) {
  Call* call = calls_.find(one.call);
  if (chunk.empty() || call == nullptr) return;
  output_.keep(one.track, chunk);
  for (OpenTrack& open : call->tracks) {
    if (open.track.id != one.track) continue;
    open.kept = true;
    if (journal_ == nullptr) continue;
    journal_->media({.call = {call->serial, call->call_id},
                     .key = open.track.flow,
                     .stats = open.track.stats,
                     .before = open.before,
                     .first = chunk.first(),
                     .last = chunk.last(),
                     .kept = &chunk,
                     .late = true});
  }
}

void MediaGate::advance(Time now) {
  while (!waiting_.empty() && waiting_.front().chunk.last() + kWait < now) {
    waiting_bytes_ -= waiting_.front().chunk.used_bytes();
    waiting_.pop_front();
  }
}

void MediaGate::forget(const Call& call) {
  std::erase_if(waiting_, [&](const Waiting& one) {
    if (one.call != call.serial) return false;
    waiting_bytes_ -= one.chunk.used_bytes();
    return true;
  });
}

}  // namespace tapestry::calls
