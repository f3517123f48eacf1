#pragma once
#include <cstdint>
#include <vector>

namespace tapestry::testing {

/// How a key sounds.
struct DtmfTone {
  char key = '5';
  double seconds = 0.08;
  double level = 4000;  ///< peak of the lower frequency, of 32767
  double twist_db = 0;  ///< of the higher frequency against the lower
  double detune = 0;    ///< 0.01: both frequencies 1 % too high
  double phase = 0;     ///< of the lower frequency, in radians
};

/// The tone of `0` to `9`, `*`, `#`, `A` to `D` (ITU-T Q.23).
std::vector<std::int16_t> dtmf_tone(const DtmfTone& tone, std::uint32_t rate_hz);

}  // namespace tapestry::testing
