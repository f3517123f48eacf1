#include "mux/clock_fit.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tapestry::mux {
namespace {

constexpr std::int64_t kWindowTicks = 10 * std::int64_t{kRateHz};
constexpr std::size_t kReach = 3;   ///< windows to either side in the smoothing
constexpr std::size_t kFewest = 3;  ///< with fewer windows there is only an offset
constexpr double kConstantNs = 10e6;
constexpr double kSteepest = 0.5;  ///< no clock is followed that is farther off

template <class Value>
Value median(std::vector<Value>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

void ClockFit::add(std::int64_t ticks, Duration arrival) {
  const std::int64_t offset = arrival.count() - ticks * kSampleNs;
  const std::int64_t window = ticks / kWindowTicks;
  if (windows_.empty() || window > window_) {
    window_ = window;
    windows_.push_back({ticks, offset});
  } else if (offset < windows_.back().offset_ns) {
    windows_.back() = {ticks, offset};
  }
}

void ClockFit::finish() {
  assert(!windows_.empty());
  std::vector<std::int64_t> offsets;
  for (const Window& window : windows_) offsets.push_back(window.offset_ns);
  if (windows_.size() < kFewest) {
    constant_ = to_samples(Duration(*std::ranges::min_element(offsets)));
    return;
  }
  // Theil and Sen's slope, from pairs half the run apart: a window without an undelayed packet does not bend it.
  std::vector<double> slopes;
  const std::size_t half = windows_.size() / 2;
  for (std::size_t i = 0; i + half < windows_.size(); ++i) {
    const Window& early = windows_[i];
    const Window& late = windows_[i + half];
    if (late.ticks <= early.ticks) continue;
    slopes.push_back(static_cast<double>(late.offset_ns - early.offset_ns) /
                     static_cast<double>(late.ticks - early.ticks));
  }
  constexpr double kLimit = kSteepest * static_cast<double>(kSampleNs);
  smooth(slopes.empty() ? 0 : std::clamp(median(slopes), -kLimit, kLimit));
  const auto [low, high] = std::ranges::minmax(knots_, {}, &Knot::offset_ns);
  if (high.offset_ns - low.offset_ns > kConstantNs) return;
  knots_.clear();
  constant_ = to_samples(Duration(median(offsets)));
}

void ClockFit::smooth(double slope) {
  slope_ = slope;
  std::vector<double> near;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    near.clear();
    const std::size_t end = std::min(windows_.size(), i + kReach + 1);
    for (std::size_t k = i < kReach ? 0 : i - kReach; k < end; ++k) {
      near.push_back(static_cast<double>(windows_[k].offset_ns) - slope * static_cast<double>(windows_[k].ticks));
    }
    const auto ticks = static_cast<double>(windows_[i].ticks);
    const double offset = median(near) + slope * ticks;
    if (knots_.empty() || ticks > knots_.back().ticks) knots_.push_back({ticks, offset});
  }
}

FinePosition ClockFit::at(std::int64_t ticks) const noexcept {
  if (constant()) return to_fine(constant_ + ticks);
  const auto where = static_cast<double>(ticks);
  const auto after = std::ranges::upper_bound(knots_, where, {}, &Knot::ticks);
  const Knot& left = after == knots_.begin() ? *after : *std::prev(after);
  double slope = slope_;
  if (after != knots_.begin() && after != knots_.end()) {
    slope = (after->offset_ns - left.offset_ns) / (after->ticks - left.ticks);
  }
  const double ns = left.offset_ns + slope * (where - left.ticks) + where * static_cast<double>(kSampleNs);
  return std::llround(ns / static_cast<double>(kSampleNs) * (1 << kFineBits));
}

}  // namespace tapestry::mux
