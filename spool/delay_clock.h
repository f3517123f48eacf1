#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/time.h"

namespace tapestry::spool {

/// Packet time as something that waits needs it: a reading that never goes back, and on which one step of the capture's
/// clock counts as a second at most. So a step ends no wait, and a clock that went back makes none longer.
class DelayClock {
 public:
  static constexpr Duration kLongestStep = std::chrono::seconds(1);

  /// Packet time is `now`.
  void advance(Time now) noexcept {
    if (now_) reading_ += ahead(now);
    now_ = now;
  }
  /// The reading now; zero before the second advance().
  [[nodiscard]] Duration reading() const noexcept { return reading_; }
  /// What it will be at `time`; now's for a time that is past.
  [[nodiscard]] Duration reading_at(Time time) const noexcept { return reading_ + (now_ ? ahead(time) : Duration(0)); }

 private:
  [[nodiscard]] Duration ahead(Time time) const noexcept {
    if (time <= *now_) return Duration(0);
    // Unsigned, for the two may be further apart than a Duration can say.
    const std::uint64_t step = static_cast<std::uint64_t>(time.time_since_epoch().count()) -
                               static_cast<std::uint64_t>(now_->time_since_epoch().count());
    return Duration(
        static_cast<std::int64_t>(std::min(step, static_cast<std::uint64_t>(Duration(kLongestStep).count()))));
  }

  std::optional<Time> now_;
  Duration reading_{};
};

}  // namespace tapestry::spool
