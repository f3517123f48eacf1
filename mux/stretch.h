#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "mux/clock_fit.h"

namespace tapestry::mux {

/// Follows a clock that drifts: cubic interpolation over packet borders, 2 samples late.
class Stretcher {
 public:
  /// What comes next does not continue what came before, but (up to four of its last samples) `before`.
  void restart(std::span<const std::int16_t> before) noexcept;
  /// Replaces `out` by the whole positions in [at, at + length), over which `samples` are spread.
  void stretch(std::span<const std::int16_t> samples, FinePosition at, FinePosition length,
               std::vector<std::int16_t>& out);

 private:
  static constexpr std::size_t kHistory = 4;
  std::array<std::int16_t, kHistory> history_{};
  std::vector<std::int16_t> input_;
};

/// Replaces `out` by codes for the whole positions in [at, at + codes + stretch), single ones dropped or repeated.
void stretch_codes(Bytes codes, FinePosition at, std::int32_t stretch, std::vector<std::uint8_t>& out);

}  // namespace tapestry::mux
