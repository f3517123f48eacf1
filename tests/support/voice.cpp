#include "tests/support/voice.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tapestry::testing {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;
constexpr int kHarmonics = 14;

/// Two formants that move with the syllables: what makes harmonics sound like vowels.
double formant(double hz, double seconds) {
  const double first = 500 + 180 * std::sin(kTurn * 1.3 * seconds);
  const double second = 1400 + 450 * std::sin(kTurn * 0.9 * seconds + 1);
  const auto hump = [hz](double centre, double width) { return std::exp(-std::pow((hz - centre) / width, 2)); };
  return hump(first, 160) + 0.5 * hump(second, 220) + 0.05;
}

/// 0..1: about four syllables a second, in phrases of about two seconds with breaths between.
double loudness(const Voice& voice, double seconds) {
  const double shift = voice.pitch_hz / 100;
  const double syllable = std::pow(std::sin(kTurn * 2.1 * seconds + shift), 2);
  const double phrase = std::clamp(3 * std::sin(kTurn * 0.37 * seconds + 5 * shift) + 2, 0.0, 1.0);
  return syllable * phrase;
}

}  // namespace

std::int16_t voice_sample(const Voice& voice, double seconds) {
  // The phase is the integral of the pitch, so that its wandering makes no jumps.
  const double phase = kTurn * voice.pitch_hz * seconds + 3 * std::sin(kTurn * 0.8 * seconds);
  double sum = 0;
  double weight = 0;
  for (int n = 1; n <= kHarmonics; ++n) {
    const double gain = formant(n * voice.pitch_hz, seconds);
    sum += gain * std::sin(n * phase);
    weight += gain;
  }
  return static_cast<std::int16_t>(std::lround(voice.level * loudness(voice, seconds) * sum / weight * 1.8));
}

std::int16_t music_sample(double seconds) {
  const double hz = std::fmod(seconds, 1.0) < 0.5 ? 440 : 554;
  return static_cast<std::int16_t>(std::lround(3000 * std::sin(kTurn * hz * seconds)));
}

std::uint8_t mu_law(std::int16_t sample) {
  constexpr int kBias = 0x84;
  constexpr int kClip = 32635;
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(std::abs(static_cast<int>(sample)), kClip) + kBias;
  int exponent = 7;
  while (exponent > 0 && magnitude < (0x80 << exponent)) --exponent;
  const int mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return static_cast<std::uint8_t>(~(sign | (exponent << 4) | mantissa));
}

}  // namespace tapestry::testing
