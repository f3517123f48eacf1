#include "capture/live_merge.h"

#include <algorithm>

namespace tapestry::capture {

LiveMerge::LiveMerge(const std::vector<LiveLane*>& lanes, Duration hold) : hold_(hold) {
  for (LiveLane* lane : lanes) lanes_.push_back({.lane = lane});
}

bool LiveMerge::next(Frame& frame, Time now) {
  if (current_ != nullptr) {
    Lane& lane = *current_;
    lane.waiting = lane.lane->next(lane.head);
    if (lane.waiting && lane.head.time <= limit_) {
      give(lane, frame);
      return true;
    }
    current_ = nullptr;
  }
  current_ = choose(now);
  if (current_ == nullptr) return false;
  give(*current_, frame);
  return true;
}

void LiveMerge::give(Lane& lane, Frame& frame) {
  late_ += lane.head.time < last_ ? 1U : 0U;
  last_ = lane.head.time;
  frame = lane.head;
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
