#include "mux/conceal.h"

#include <algorithm>
#include <cstddef>

namespace tapestry::mux {
namespace {

constexpr Duration kShortestPeriod = std::chrono::microseconds(2500);
/// Enough for two periods of the lowest voice; more would only cost time.
constexpr Duration kLongestHistory = std::chrono::milliseconds(40);

/// How well the last half of `signal` repeats what came `lag` before it; 1 is exact.
double likeness(std::span<const std::int16_t> signal, std::size_t lag) {
  double product = 0;
  double energy = 1;
  for (std::size_t i = signal.size() / 2; i < signal.size(); ++i) {
    const double now = signal[i];
    const double then = signal[i - lag];
    product += now * then;
    energy += (now * now + then * then) / 2;
  }
  return product / energy;
}

std::size_t find_period(std::span<const std::int16_t> signal, std::size_t shortest) {
  constexpr double kClear = 0.5;
  std::size_t best = signal.size();
  double best_likeness = kClear;
  for (std::size_t lag = shortest; lag <= signal.size() / 2; ++lag) {
    const double now = likeness(signal, lag);
    if (now <= best_likeness) continue;
    best = lag;
    best_likeness = now;
  }
  return best;
}

}  // namespace

void conceal(std::span<const std::int16_t> before, std::size_t count, Rate rate, std::vector<std::int16_t>& out) {
  if (before.empty()) {
    out.resize(out.size() + count);
    return;
  }
  const auto most = static_cast<int>(rate.samples(kMaxConceal));
  const auto history = before.last(std::min(before.size(), static_cast<std::size_t>(rate.samples(kLongestHistory))));
  const auto cycle = history.last(find_period(history, static_cast<std::size_t>(rate.samples(kShortestPeriod))));
  for (std::size_t i = 0; i < count; ++i) {
    const int left = most - static_cast<int>(std::min(i, static_cast<std::size_t>(most)));
    out.push_back(static_cast<std::int16_t>(cycle[i % cycle.size()] * left / most));
  }
}

}  // namespace tapestry::mux
