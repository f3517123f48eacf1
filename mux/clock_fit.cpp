#include "mux/clock_fit.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tapestry::mux {
namespace {

constexpr std::int64_t kWindowSeconds = 2;
constexpr std::size_t kReach = 17;       ///< windows to either side in the smoothing
constexpr std::size_t kFewest = 5;       ///< with fewer windows there is only an offset
constexpr std::size_t kLongRun = 60;     ///< windows from which on a drift may change
constexpr double kSteepest = 600e-6;     ///< no clock of a phone or gateway is farther off
constexpr double kLeastDriftNs = 1e6;    ///< below that a drift is not worth touching samples
constexpr double kLeastWanderNs = 10e6;  ///< how far the drift must leave its line to be followed window by window
constexpr double kSignificance = 6;      ///< times the median absolute deviation

template <class Value>
Value median(std::vector<Value>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

void ClockFit::add(std::int64_t ticks, Duration arrival) {
  const std::int64_t offset = arrival.count() - ticks_to_ns(ticks, clock_hz_);
  const std::int64_t window = ticks / (kWindowSeconds * clock_hz_);
  if (windows_.empty() || window > window_) {
    window_ = window;
    windows_.push_back({ticks, offset, 1});
    return;
  }
  Window& last = windows_.back();
  ++last.packets;
  if (offset < last.offset_ns) {
    last.ticks = ticks;
    last.offset_ns = offset;
  }
}

void ClockFit::finish() {
  assert(!windows_.empty());
  drop_sparse_windows();
  if (windows_.size() < kFewest) {
    constant_ = rate_.samples(Duration(std::ranges::min(windows_, {}, &Window::offset_ns).offset_ns));
    return;
  }
  slope_ = measure_slope();
  if (!stands_out()) slope_ = 0;
  const double start = median_offset();
  if (windows_.size() >= kLongRun) {
    smooth();
    const bool wanders = std::ranges::any_of(knots_, [&](const Knot& knot) {
      return std::abs(knot.offset_ns - start - slope_ * knot.ticks) > kLeastWanderNs;
    });
    if (wanders) return;
    knots_.clear();
  }
  constant_ = rate_.samples(Duration(std::llround(start)));
  if (slope_ == 0) return;
  for (const Window& end : {windows_.front(), windows_.back()}) {
    const auto ticks = static_cast<double>(end.ticks);
    knots_.push_back({ticks, start + slope_ * ticks});
  }
}

/// The least of few packets is not the least delay.
void ClockFit::drop_sparse_windows() {
  const std::uint32_t fullest = std::ranges::max(windows_, {}, &Window::packets).packets;
  std::erase_if(windows_, [fullest](const Window& window) { return window.packets * 2 < fullest; });
}

/// Theil and Sen's slope, from pairs half the run apart: a window without an undelayed packet does not bend it.
double ClockFit::measure_slope() const {
  std::vector<double> slopes;
  const std::size_t half = windows_.size() / 2;
  for (std::size_t i = 0; i + half < windows_.size(); ++i) {
    const Window& early = windows_[i];
    const Window& late = windows_[i + half];
    if (late.ticks <= early.ticks) continue;
    slopes.push_back(static_cast<double>(late.offset_ns - early.offset_ns) /
                     static_cast<double>(late.ticks - early.ticks));
  }
  return slopes.empty() ? 0 : median(slopes);
}

double ClockFit::median_offset() const {
  std::vector<double> offsets;
  for (const Window& window : windows_) {
    offsets.push_back(static_cast<double>(window.offset_ns) - slope_ * static_cast<double>(window.ticks));
  }
  return median(offsets);
}

bool ClockFit::stands_out() const {
  if (std::abs(slope_) > kSteepest * 1e9 / clock_hz_) return false;
  const double start = median_offset();
  std::vector<double> deviations;
  for (const Window& window : windows_) {
    deviations.push_back(
        std::abs(static_cast<double>(window.offset_ns) - start - slope_ * static_cast<double>(window.ticks)));
  }
  const double drift = std::abs(slope_) * static_cast<double>(windows_.back().ticks - windows_.front().ticks);
  return drift >= std::max(kLeastDriftNs, kSignificance * median(deviations));
}

void ClockFit::smooth() {
  std::vector<double> near;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    near.clear();
    const std::size_t end = std::min(windows_.size(), i + kReach + 1);
    for (std::size_t k = i < kReach ? 0 : i - kReach; k < end; ++k) {
      near.push_back(static_cast<double>(windows_[k].offset_ns) - slope_ * static_cast<double>(windows_[k].ticks));
    }
    const auto ticks = static_cast<double>(windows_[i].ticks);
    const double offset = median(near) + slope_ * ticks;
    if (knots_.empty() || ticks > knots_.back().ticks) knots_.push_back({ticks, offset});
  }
}

FinePosition ClockFit::at(std::int64_t ticks) const noexcept {
  if (constant()) {
    const std::int64_t rest = ticks % clock_hz_;
    return to_fine(constant_ + ticks / clock_hz_ * rate_.hz) + to_fine(rest * rate_.hz) / clock_hz_;
  }
  const auto where = static_cast<double>(ticks);
  const auto after = std::ranges::upper_bound(knots_, where, {}, &Knot::ticks);
  const Knot& left = after == knots_.begin() ? *after : *std::prev(after);
  double slope = slope_;
  if (after != knots_.begin() && after != knots_.end()) {
    slope = (after->offset_ns - left.offset_ns) / (after->ticks - left.ticks);
  }
  const double ns = left.offset_ns + slope * (where - left.ticks) + where * 1e9 / clock_hz_;
  return std::llround(ns / static_cast<double>(rate_.sample_ns()) * (1 << kFineBits));
}

}  // namespace tapestry::mux
