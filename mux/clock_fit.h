#pragma once
#include <cstdint>
#include <vector>

#include "mux/position.h"

namespace tapestry::mux {

/// A position with 16 binary digits after the point.
using FinePosition = std::int64_t;
constexpr int kFineBits = 16;
constexpr FinePosition to_fine(Position position) noexcept { return position * (1 << kFineBits); }
constexpr Position round_fine(FinePosition fine) noexcept { return (fine + (1 << (kFineBits - 1))) >> kFineBits; }

/// How long so many ticks of a clock are.
constexpr std::int64_t ticks_to_ns(std::int64_t ticks, std::uint32_t clock_hz) noexcept {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return ticks / clock_hz * kSecond + ticks % clock_hz * kSecond / clock_hz;
}

/// Finds where a sender's clock lies on the wall clock: arrival less timestamp is least for packets that the network
/// did not delay, so the least in each 2 s counts (of windows with enough packets). A drift is believed when it is one
/// that a clock can have (600 ppm) and stands out of the jitter that is left; else one constant is used, and samples
/// keep their distances exactly. In calls of two minutes or more a drift that changes is followed, smoothed over 70 s.
class ClockFit {
 public:
  /// Timestamps count at `clock_hz`, positions at `rate`.
  ClockFit(std::uint32_t clock_hz, Rate rate) : clock_hz_(clock_hz), rate_(rate) {}

  /// `ticks`: timestamp since the run's first packet; `arrival`: since the recording's start. In order of sequence.
  void add(std::int64_t ticks, Duration arrival);
  /// After the last add(), at least one.
  void finish();
  [[nodiscard]] bool constant() const noexcept { return knots_.empty(); }
  /// Where the sample of that timestamp begins.
  [[nodiscard]] FinePosition at(std::int64_t ticks) const noexcept;

 private:
  struct Window {
    std::int64_t ticks;
    std::int64_t offset_ns;
    std::uint32_t packets;
  };
  struct Knot {
    double ticks;
    double offset_ns;
  };
  void drop_sparse_windows();
  [[nodiscard]] double measure_slope() const;
  [[nodiscard]] double median_offset() const;
  [[nodiscard]] bool stands_out() const;
  void smooth();

  std::uint32_t clock_hz_;
  Rate rate_;
  std::vector<Window> windows_;
  std::int64_t window_ = 0;
  Position constant_ = 0;
  double slope_ = 0;
  std::vector<Knot> knots_;  ///< empty when constant
};

}  // namespace tapestry::mux
