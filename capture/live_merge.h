#pragma once
#include <cstdint>
#include <vector>

#include "capture/live_source.h"

namespace tapestry::capture {

/// Several lanes as one timeline: the earliest frame comes next. A lane that has nothing may still get something that
/// was captured earlier than what others have, so frames wait until they are `hold` old, or until every lane has one.
/// One lane alone never waits. One thread.
class LiveMerge {
 public:
  /// A frame from so far in the future was not stamped by the clock that `now` is of: it does not wait.
  static constexpr Duration kClockTolerance = std::chrono::seconds(1);

  /// `lanes` outlive it.
  LiveMerge(const std::vector<LiveLane*>& lanes, Duration hold);

  /// The next frame, valid until the next call; false, and `frame` means nothing, when there is none, or none that need
  /// not wait. `now` is the wall
  /// clock's, and may be a little old.
  bool next(Frame& frame, Time now);
  /// Whether frames wait: descriptors are readable then although there is nothing to do.
  [[nodiscard]] bool holding() const noexcept { return holding_; }
  /// Frames that were earlier than one that had been given out.
  [[nodiscard]] std::uint64_t late() const noexcept { return late_; }

 private:
  struct Lane {
    LiveLane* lane = nullptr;
    Frame head{};
    bool waiting = false;  ///< `head` is one
  };
  Lane* choose(Time now);
  void note(Time given) noexcept;

  std::vector<Lane> lanes_;
  Duration hold_;
  Lane* current_ = nullptr;   ///< whose head was given out last
  Time limit_ = Time::min();  ///< frames of `current_` up to it need no look at the others
  Time last_ = Time::min();
  bool holding_ = false;
  std::uint64_t late_ = 0;
};

}  // namespace tapestry::capture
