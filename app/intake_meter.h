#pragma once
#include <chrono>
#include <deque>

#include "app/service_status.h"

namespace tapestry::app {

/// How much comes in per second, over the last ten seconds. One thread.
class IntakeMeter {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kStep{1};
  static constexpr std::size_t kSteps = 10;

  /// So much has come in by `now`. Cheap; the more often the better.
  void note(const Intake& intake, Clock::time_point now);
  /// Nothing before a step has passed.
  [[nodiscard]] IntakeRate rate() const;

 private:
  struct Sample {
    Clock::time_point at;
    Intake intake;
  };
  std::deque<Sample> samples_;  ///< kStep apart, at most kSteps and one
};

}  // namespace tapestry::app
