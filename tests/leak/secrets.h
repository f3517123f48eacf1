#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// What no file may hold after a pause, in every form in which it could be there.
namespace tapestry::leak {

inline constexpr std::size_t kPatternOctets = 16;
/// What the audio inside a pause carries, again and again.
using Pattern = std::array<std::uint8_t, kPatternOctets>;

/// A test number of the card companies. Nobody's.
inline constexpr const char* kCard = "4111111111111111";

/// Bytes to look for. Only the name is ever printed.
struct Needle {
  std::string name;
  std::string bytes;
};

/// The pattern as it is, complemented, in the other law, and decoded; the card number as text, BCD and events, and as
/// tones.
std::vector<Needle> needles_of(const Pattern& pattern);

/// What was looked through.
struct Searched {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> finds{};  ///< `NEEDLE in FILE`
};

/// Looks through every file below `folder`: as it is, each channel of WAV files by itself, and what is base64url in
/// vCons and JSON.
void search(const std::filesystem::path& folder, const std::vector<Needle>& needles, Searched& result);

}  // namespace tapestry::leak
