#include "mux/beep.h"

#include <cmath>
#include <numbers>

#include "mux/render.h"

namespace tapestry::mux {

Intervals beeps_in(const Intervals& silenced, Rate rate) {
  const Position length = rate.samples(kBeepLength);
  Intervals beeps;
  for (const Interval& silent : silenced) {
    if (silent.to - silent.from < 2 * length) continue;
    beeps.push_back({silent.from, silent.from + length});
    beeps.push_back({silent.to - length, silent.to});
  }
  return beeps;
}

std::int16_t beep_sample(Position offset, Rate rate) noexcept {
  constexpr double kPeak = 3276.7;  // -20 dBFS
  const double turns = static_cast<double>(offset) * kBeepHertz / rate.hz;
  return static_cast<std::int16_t>(std::lround(kPeak * std::sin(2 * std::numbers::pi * turns)));
}

}  // namespace tapestry::mux
