#include "capture/live_merge.h"

#include <algorithm>

namespace tapestry::capture {

LiveMerge::LiveMerge(const std::vector<LiveLane*>& lanes, Duration hold) : hold_(hold) {
  for (LiveLane* lane : lanes) lanes_.push_back({.lane = lane});
}

bool LiveMerge::next(Frame& frame, Time now) {
  if (current_ != nullptr) {
    // Straight to where it goes: a copy loads 16 bytes at once of what was just stored by fields, and so waits until
    // all stores before are done, those into chunks that are in no cache too.
    Lane& lane = *current_;
    lane.waiting = lane.lane->next(frame);
    if (lane.waiting && frame.time <= limit_) {
      note(frame.time);
      return true;
    }
    if (lane.waiting) lane.head = frame;
    current_ = nullptr;
  }
  current_ = choose(now);
  if (current_ == nullptr) return false;
  frame = current_->head;
  note(frame.time);
  return true;
}

void LiveMerge::note(Time given) noexcept {
  late_ += given < last_ ? 1U : 0U;
  last_ = given;
}

LiveMerge::Lane* LiveMerge::choose(Time now) {
  Lane* first = nullptr;
  for (Lane& lane : lanes_) {
    if (!lane.waiting) lane.waiting = lane.lane->next(lane.head);
    if (lane.waiting && (first == nullptr || lane.head.time < first->head.time)) first = &lane;
  }
  holding_ = false;
  if (first == nullptr) return nullptr;
  limit_ = Time::max();
  for (const Lane& lane : lanes_) {
    if (&lane != first) limit_ = std::min(limit_, lane.waiting ? lane.head.time : now - hold_);
  }
  holding_ = first->head.time > limit_ && first->head.time <= now + kClockTolerance;
  return holding_ ? nullptr : first;
}

}  // namespace tapestry::capture
