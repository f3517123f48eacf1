#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

/// Voices for scenes: band-limited noise with a talker's loudness. Cheap, never silent, and alike to no other voice and
/// to itself at no other time, so that a correlation tells who is heard and when.
namespace tapestry::scenes {

inline constexpr int kVoiceRate = 8000;
/// Voices repeat after so many samples.
inline constexpr std::int64_t kVoiceSamples = 64 * kVoiceRate;

/// What the microphone of `voice` yields at sample `index` of scene time; of "a+b" the sum.
std::int16_t heard(std::string_view voice, std::int64_t index);

/// `count` samples from `first` on.
std::vector<std::int16_t> heard(std::string_view voice, std::int64_t first, std::int64_t count);

}  // namespace tapestry::scenes
