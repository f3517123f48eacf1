#include "mux/clear_parts.h"

#include <algorithm>

namespace tapestry::mux {
namespace {

constexpr Duration kBefore = std::chrono::milliseconds(500);  ///< by which media may overtake the answer
constexpr Duration kAfter = std::chrono::seconds(2);          ///< within which a sender follows it
constexpr std::size_t kShortestTag = 4;                       ///< of the profiles that there are
constexpr std::size_t kLongestTag = 16;

}  // namespace

ClearParts::Moment ClearParts::moment(Time time) const noexcept {
  const auto next = std::ranges::upper_bound(stretches_, time, {}, &calls::ClearSpan::from);
  const bool opens = next != stretches_.end() && next->from - time <= kBefore;
  const Moment before{.phase = opens ? Phase::Opening : Phase::Sealed};
  if (next == stretches_.begin()) return before;
  const calls::ClearSpan& stretch = *std::prev(next);
  const Duration over = time - stretch.to;
  if (over >= kAfter) return before;
  if (over >= -kBefore) return {.phase = Phase::Closing, .answered = over >= Duration::zero()};
  const bool opened = stretch.from == Time::min() || time - stretch.from >= kAfter;
  return {.phase = opened ? Phase::Clear : Phase::Opening, .answered = true};
}

bool ClearParts::is_clear(const rtp::Packet& packet) const noexcept {
  const auto [phase, answered] = moment(packet.arrival);
  const Last& last = last_[packet.payload_type & 0x7fU];
  const std::size_t octets = packet.payload.size();
  const bool by_a_tag = last.steady && octets + kShortestTag <= last.octets && octets + kLongestTag >= last.octets;
  switch (phase) {
    case Phase::Sealed:
      return false;
    case Phase::Clear:
      return true;
    case Phase::Opening:
      return last.clear || by_a_tag || (answered && keys_fit_ && octets != last.octets);
    case Phase::Closing:
      if (last.octets > 0 && !last.clear) return false;
      return octets == last.octets || (keys_ && !answered);
  }
  return false;
}

ClearParts::Chance ClearParts::chance(const rtp::Packet& packet) const noexcept {
  const Last& last = last_[packet.payload_type & 0x7fU];
  const Phase phase = moment(packet.arrival).phase;
  if (phase == Phase::Sealed) return Chance::Sealed;
  const bool as_before = last.clear && packet.payload.size() == last.octets;
  return phase == Phase::Clear || as_before ? Chance::None : Chance::Change;
}

bool ClearParts::take(const rtp::Packet& packet, bool opened) noexcept {
  const bool clear = !opened && is_clear(packet);
  Last& last = last_[packet.payload_type & 0x7fU];
  const std::size_t octets = packet.payload.size();
  last = {.octets = octets, .steady = octets == last.octets, .clear = clear};
  keys_fit_ = keys_fit_ || opened;
  return clear;
}

}  // namespace tapestry::mux
