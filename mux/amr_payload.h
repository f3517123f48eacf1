#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "mux/codec.h"

namespace tapestry::mux {

/// One frame of AMR or AMR-WB as RFC 4867 §5.3 stores it: its table-of-contents octet, then its bits, filled up.
struct AmrFrame {
  enum class Kind : std::uint8_t { Speech, Silence, None };  ///< None: not sent, or damaged
  std::array<std::uint8_t, 61> stored{};
  std::uint8_t bytes = 0;
  Kind kind = Kind::None;
  [[nodiscard]] Bytes view() const noexcept { return std::span(stored).first(bytes); }
};

/// Replaces `frames` by a payload's, in either packing (RFC 4867 §4.3 and §4.4): in the codec's own one, or in the
/// other when only that fits. False, and no frames, when it is none.
bool read_amr(const Codec& codec, Bytes payload, std::vector<AmrFrame>& frames);

}  // namespace tapestry::mux
