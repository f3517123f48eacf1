#pragma once
#include <cstdint>
#include <vector>

#include "core/time.h"

namespace tapestry::mux {

/// Samples since the recording's start; may be negative.
using Position = std::int64_t;

/// How many samples a second of a recording has: 8,000 or 16,000. All positions of one recording are counted at one
/// rate.
struct Rate {
  std::uint32_t hz = 8000;

  [[nodiscard]] constexpr std::int64_t sample_ns() const noexcept { return 1'000'000'000 / std::int64_t{hz}; }
  /// Nearest sample to `duration`.
  [[nodiscard]] constexpr Position samples(Duration duration) const noexcept {
    const std::int64_t doubled = 2 * duration.count() + sample_ns();
    const std::int64_t quotient = doubled / (2 * sample_ns());
    return doubled % (2 * sample_ns()) < 0 ? quotient - 1 : quotient;
  }
  [[nodiscard]] constexpr Duration duration(Position samples) const noexcept { return Duration(samples * sample_ns()); }
  friend bool operator==(const Rate&, const Rate&) = default;
};
constexpr Rate kNarrowband{8000};
constexpr Rate kWideband{16'000};

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
