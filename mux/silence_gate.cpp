#include "mux/silence_gate.h"

#include <algorithm>

namespace tapestry::mux {

bool SilenceGate::passes(std::span<const std::int16_t> frame) noexcept {
  const bool silent =
      std::ranges::all_of(frame, [](std::int16_t sample) { return sample >= -kFloor && sample <= kFloor; });
  silent_ = silent ? std::min(silent_ + 1, kHangover + 1) : 0;
  return silent_ <= kHangover;
}

}  // namespace tapestry::mux
