#pragma once
#include <cstdint>
#include <vector>

#include "core/time.h"

namespace tapestry::mux {

/// Sample rate of all that this folder makes.
constexpr std::uint32_t kRateHz = 8000;
constexpr std::int64_t kSampleNs = 1'000'000'000 / kRateHz;

/// Samples since the recording's start; may be negative.
using Position = std::int64_t;

/// Nearest sample to `duration`.
[[nodiscard]] constexpr Position to_samples(Duration duration) noexcept {
  const std::int64_t doubled = 2 * duration.count() + kSampleNs;
  const std::int64_t quotient = doubled / (2 * kSampleNs);
  return doubled % (2 * kSampleNs) < 0 ? quotient - 1 : quotient;
}
[[nodiscard]] constexpr Duration to_duration(Position samples) noexcept { return Duration(samples * kSampleNs); }

/// Samples from..to-1.
struct Interval {
  Position from = 0;
  Position to = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};
/// In order of time, not touching, none empty; what the functions below give and (but for normalise) expect.
using Intervals = std::vector<Interval>;

/// Sorts, drops empty ones, and joins those with `join` samples or fewer between them.
void normalise(Intervals& intervals, Position join = 0);
/// What lies in both.
[[nodiscard]] Intervals intersect(const Intervals& left, const Intervals& right);
/// What lies in `left` only.
[[nodiscard]] Intervals subtract(const Intervals& left, const Intervals& right);

}  // namespace tapestry::mux
