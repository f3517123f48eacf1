#include "wav.h"

namespace tapestry::verify {
namespace {

std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int n = 0; n < bytes; ++n) out += static_cast<char>(value >> (8 * n) & 0xffU);
  return out;
}

}  // namespace

std::string wav(unsigned channels, unsigned rate_hz, const std::vector<std::int16_t>& pcm) {
  const std::uint64_t bytes = pcm.size() * 2;
  std::string out = "RIFF" + little(36 + bytes, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(channels, 2);
  out +=
      little(rate_hz, 4) + little(std::uint64_t{rate_hz} * channels * 2, 4) + little(channels * 2, 2) + little(16, 2);
  out += "data" + little(bytes, 4);
  for (const std::int16_t sample : pcm) out += little(static_cast<std::uint16_t>(sample), 2);
  return out;
}

}  // namespace tapestry::verify
