#include "tests/support/scenes/microphone.h"

#include <algorithm>
#include <cmath>

namespace tapestry::scenes {
namespace {

constexpr std::int64_t kStep = 4;         ///< between the noise's lattice points: up to 1 kHz
constexpr std::int64_t kSyllable = 1600;  ///< between those of the loudness
constexpr double kPeak = 9000;

std::uint64_t seed_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return hash;
}

/// -1..1, by the place alone.
double lattice(std::uint64_t seed, std::int64_t place) {
  std::uint64_t x = seed + static_cast<std::uint64_t>(place) * 0x9e3779b97f4a7c15;  // splitmix64
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111eb;
  return static_cast<double>((x ^ (x >> 31U)) >> 11U) * 0x1p-52 - 1;
}

double between(std::uint64_t seed, std::int64_t index, std::int64_t step) {
  const std::int64_t place = index / step;
  const double part = static_cast<double>(index % step) / static_cast<double>(step);
  const std::int64_t next = (place + 1) % (kVoiceSamples / step);
  return lattice(seed, place) * (1 - part) + lattice(seed, next) * part;
}

double one(std::string_view name, std::int64_t index) {
  const std::uint64_t seed = seed_of(name);
  const std::int64_t at = (index % kVoiceSamples + kVoiceSamples) % kVoiceSamples;
  const double loudness = 0.7 + 0.3 * between(~seed, at, kSyllable);
  return kPeak * loudness * between(seed, at, kStep);
}

}  // namespace

std::int16_t heard(std::string_view voice, std::int64_t index) {
  double sum = 0;
  while (!voice.empty()) {
    const std::size_t plus = std::min(voice.find('+'), voice.size());
    sum += one(voice.substr(0, plus), index);
    voice.remove_prefix(std::min(plus + 1, voice.size()));
  }
  return static_cast<std::int16_t>(std::lround(std::clamp(sum, -32767.0, 32767.0)));
}

std::vector<std::int16_t> heard(std::string_view voice, std::int64_t first, std::int64_t count) {
  std::vector<std::int16_t> samples;
  samples.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) samples.push_back(heard(voice, first + i));
  return samples;
}

}  // namespace tapestry::scenes
