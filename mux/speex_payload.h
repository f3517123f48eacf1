#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.h"

namespace tapestry::mux {

/// Frames of 20 ms in a Speex payload (RFC 5574 §3.3) of narrow-band (8,000 Hz), wide-band (16,000) or ultra-wide-band
/// (32,000) speech; nothing when its bits are none.
std::optional<std::uint32_t> count_speex_frames(Bytes payload, std::uint32_t sample_hz) noexcept;

}  // namespace tapestry::mux
