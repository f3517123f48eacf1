#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tapestry::verify {

/// A 16-bit PCM WAV file; `pcm` is interleaved.
[[nodiscard]] std::string wav(unsigned channels, unsigned rate_hz, const std::vector<std::int16_t>& pcm);

}  // namespace tapestry::verify
