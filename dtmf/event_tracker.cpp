#include "dtmf/event_tracker.h"

#include <algorithm>
#include <utility>

#include "core/secret.h"
#include "dtmf/key.h"

namespace tapestry::dtmf {
namespace {

constexpr std::uint32_t kUsualClock = 8000;
constexpr std::uint32_t kWholeSegment = 0xffff;
constexpr unsigned kEndBit = 0x80;

Duration to_duration(std::uint64_t ticks, std::uint64_t clock_hz) noexcept {
  using std::chrono::seconds;
  const auto longest = static_cast<std::uint64_t>(std::chrono::duration_cast<seconds>(EventTracker::kLongest).count());
  if (ticks / clock_hz >= longest) return EventTracker::kLongest;
  return seconds(ticks / clock_hz) + Duration(ticks % clock_hz * 1'000'000'000U / clock_hz);
}

}  // namespace

EventTracker::~EventTracker() {
  open_.key = 0;
  wipe(handled_keys_);
}

std::optional<Press> EventTracker::add(Time arrival, std::uint32_t timestamp, Bytes payload, std::uint32_t clock_hz) {
  Cursor cursor(payload);
  const std::optional<char> key = key_of_event(cursor.u8());
  const unsigned flags = cursor.u8();
  const std::uint32_t duration = cursor.u16();
  if (!cursor.ok() || !key) return std::nullopt;
  const Packet packet{.arrival = arrival,
                      .timestamp = timestamp,
                      .key = *key,
                      .last = (flags & kEndBit) != 0,
                      .duration = duration,
                      .clock_hz = clock_hz == 0 ? kUsualClock : clock_hz};
  std::optional<Press> before;
  if (open_.key != 0 && open_.ended) before = finish();
  if (was_handled(packet)) return before;
  if (goes_on(packet)) {
    go_on(packet);
  } else {
    if (open_.key != 0) before = finish();
    begin(packet);
  }
  if (open_.ended && !before) before = finish();
  return before;
}

std::optional<Press> EventTracker::flush(Time now) {
  if (open_.key == 0) return std::nullopt;
  const bool silent = now > open_.last && now - open_.last >= kSilence;
  if (!silent && !open_.ended) return std::nullopt;
  return finish();
}

bool EventTracker::goes_on(const Packet& packet) const noexcept {
  if (open_.key != packet.key) return false;
  if (open_.span.holds(packet.timestamp)) return true;
  // Two events of a stream never overlap: what begins before the end of the one before is its next segment.
  const std::uint32_t ahead = packet.timestamp - open_.span.segment;
  return ahead <= open_.duration || ahead == kWholeSegment;
}

bool EventTracker::was_handled(const Packet& packet) noexcept {
  for (std::size_t n = 0; n < kHandled; ++n) {
    Handled& one = handled_[n];
    if (!one.last || handled_keys_[n] != static_cast<std::uint8_t>(packet.key)) continue;
    if (!one.span.holds(packet.timestamp) || packet.arrival - *one.last > kMemory) continue;
    one.last = std::max(*one.last, packet.arrival);
    return true;
  }
  return false;
}

void EventTracker::begin(const Packet& packet) noexcept {
  open_ = {.key = packet.key,
           .ended = packet.last,
           .span = {packet.timestamp, packet.timestamp},
           .duration = packet.duration,
           .clock_hz = packet.clock_hz,
           .start = packet.arrival,
           .last = packet.arrival};
}

void EventTracker::go_on(const Packet& packet) noexcept {
  open_.start = std::min(open_.start, packet.arrival);
  open_.last = std::max(open_.last, packet.arrival);
  if (packet.timestamp == open_.span.segment) {
    open_.duration = std::max(open_.duration, packet.duration);
    open_.ended = open_.ended || packet.last;
  } else if (!open_.span.holds(packet.timestamp)) {
    open_.before += packet.timestamp - open_.span.segment;
    open_.span.segment = packet.timestamp;
    open_.duration = packet.duration;
    open_.ended = packet.last;
  }
}

Press EventTracker::finish() noexcept {
  const Event event = std::exchange(open_, {});
  handled_[next_] = {event.span, event.last};
  handled_keys_[next_] = static_cast<std::uint8_t>(event.key);
  next_ = (next_ + 1) % kHandled;
  const Duration duration = to_duration(event.before + event.duration, event.clock_hz);
  return {.key = event.key, .start = event.start, .end = std::max(event.start + duration, event.last)};
}

}  // namespace tapestry::dtmf
