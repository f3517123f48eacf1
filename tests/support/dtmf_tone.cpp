#include "tests/support/dtmf_tone.h"

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace tapestry::testing {

std::vector<std::int16_t> dtmf_tone(const DtmfTone& tone, std::uint32_t rate_hz) {
  constexpr std::array<double, 4> kRows{697, 770, 852, 941};
  constexpr std::array<double, 4> kColumns{1209, 1336, 1477, 1633};
  const std::size_t place = std::string_view("123A456B789C*0#D").find(tone.key);
  const double turn = 2 * std::numbers::pi * (1 + tone.detune) / rate_hz;
  const double high = tone.level * std::pow(10.0, tone.twist_db / 20);
  std::vector<std::int16_t> samples(static_cast<std::size_t>(std::lround(tone.seconds * rate_hz)));
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double at = turn * static_cast<double>(n);
    const double row = tone.level * std::sin(kRows.at(place / 4) * at + tone.phase);
    const double column = high * std::sin(kColumns.at(place % 4) * at);
    samples[n] = static_cast<std::int16_t>(std::lround(row + column));
  }
  return samples;
}

}  // namespace tapestry::testing
