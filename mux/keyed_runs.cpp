#include "mux/keyed_runs.h"

#include <utility>

#include "mux/tone_silencer.h"

namespace tapestry::mux {
namespace {

Time time_of(Position position, Rate rate) { return Time(rate.duration(position)); }

Position position_of(Time time, Rate rate) { return rate.samples(time.time_since_epoch()); }

calls::PauseMark mark_at(Time time) { return {.rule = "keyed-digits", .message = "tone", .at = time}; }

}  // namespace

void KeyedRuns::add(std::span<const dtmf::Tone> tones) {
  for (const dtmf::Tone& tone : tones) {
    // A step of its level may part a tone.
    if (last_.key == tone.key && tone.from - last_.to <= rate_.samples(kToneMargin)) {
      last_.to = tone.to;
    } else {
      tell();
      last_ = tone;
    }
  }
}

Intervals KeyedRuns::finish() {
  tell();
  normalise(runs_);
  return std::exchange(runs_, {});
}

void KeyedRuns::tell() {
  if (last_.key == 0) return;
  const auto run = guard_.add({.key = last_.key, .start = time_of(last_.from, rate_), .end = time_of(last_.to, rate_)});
  last_ = {};
  if (!run) return;
  const Interval where{position_of(run->start, rate_), position_of(run->end, rate_)};
  if (!runs_.empty() && runs_.back().from == where.from) runs_.pop_back();
  runs_.push_back(where);
}

calls::Gap keyed_gap(const Interval& run, Time start, Rate rate) {
  const Time from = start + rate.duration(run.from);
  const Time to = start + rate.duration(run.to);
  return {.reason = calls::GapReason::Pci,
          .start = from,
          .end = to,
          .channels = {0, 1},
          .detail = {},
          .pause = calls::Pause{.start = from,
                                .end = to,
                                .reason = "pci",
                                .opened = mark_at(from),
                                .closed = mark_at(to),
                                .how = calls::PauseEnd::Resume}};
}

}  // namespace tapestry::mux
