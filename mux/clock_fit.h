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

/// Finds where a sender's clock lies on the wall clock: arrival less timestamp is least for packets that the network
/// did not delay, so the least in each 10 s is followed, smoothed over 70 s. When that moves by less than 10 ms in all,
/// one constant is used, and samples keep their distances exactly.
class ClockFit {
 public:
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
  };
  struct Knot {
    double ticks;
    double offset_ns;
  };
  void smooth(double slope);

  std::vector<Window> windows_;
  std::int64_t window_ = 0;
  Position constant_ = 0;
  double slope_ = 0;
  std::vector<Knot> knots_;  ///< empty when constant
};

}  // namespace tapestry::mux
