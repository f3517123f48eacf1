#pragma once
#include <span>
#include <vector>

#include "calls/interaction.h"
#include "dtmf/digit_guard.h"
#include "dtmf/tone_detector.h"
#include "mux/position.h"

namespace tapestry::mux {

/// Watches one channel's tones for runs of keys that look like a card's number, or for as many digits.
class KeyedRuns {
 public:
  /// `digits`: dtmf::DigitGuard's.
  KeyedRuns(Rate rate, std::size_t digits) : rate_(rate), guard_(digits) {}
  /// The next tones, in order.
  void add(std::span<const dtmf::Tone> tones);
  /// After the last add(): from each run's first tone's start to its last one's end.
  [[nodiscard]] Intervals finish();

 private:
  void tell();

  Rate rate_;
  dtmf::DigitGuard guard_;
  dtmf::Tone last_;  ///< the parts so far of one tone; without a key when there is none
  Intervals runs_;
};

/// The gap on both channels that tells of a run.
calls::Gap keyed_gap(const Interval& run, Time start, Rate rate);

}  // namespace tapestry::mux
