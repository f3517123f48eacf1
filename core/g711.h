#pragma once
#include <cstdint>
#include <span>

#include "core/bytes.h"

namespace tapestry {

/// The two laws of ITU-T G.711.
enum class Law : std::uint8_t { Mu, A };

/// The code whose sample is nearest to silence.
[[nodiscard]] constexpr std::uint8_t silence_code(Law law) noexcept { return law == Law::Mu ? 0xff : 0xd5; }

/// Silence as a code of the law, or as a 16-bit sample.
template <class Sample>
[[nodiscard]] constexpr Sample silence_of(Law law) noexcept {
  return sizeof(Sample) == 1 ? static_cast<Sample>(silence_code(law)) : Sample{0};
}

/// One code as a 16-bit sample: G.711's 14 (mu) or 13 (A) bits, left-justified.
[[nodiscard]] std::int16_t decode(Law law, std::uint8_t code) noexcept;
/// `samples` must be as long as `codes`.
void decode(Law law, Bytes codes, std::span<std::int16_t> samples) noexcept;
/// The code whose decision interval holds the sample; decode() of it is what comes nearest.
[[nodiscard]] std::uint8_t encode(Law law, std::int16_t sample) noexcept;

}  // namespace tapestry
