#include "tests/leak/secrets.h"

#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/keys.h"
#include "tests/support/voice.h"

namespace tapestry::leak {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShort = 8;     ///< octets of the pattern that are proof enough
constexpr std::size_t kEncoded = 64;  ///< shorter runs of base64url are names and numbers
constexpr std::size_t kWavHeader = 44;

/// ITU-T G.711.
std::int16_t linear_of_mu_law(std::uint8_t octet) {
  const unsigned value = ~static_cast<unsigned>(octet) & 0xffU;
  const int magnitude = static_cast<int>((((value & 0x0fU) << 3U) + 0x84U) << ((value & 0x70U) >> 4U)) - 0x84;
  return static_cast<std::int16_t>((value & 0x80U) != 0 ? -magnitude : magnitude);
}

std::int16_t linear_of_a_law(std::uint8_t octet) {
  const unsigned value = octet ^ 0x55U;
  const unsigned exponent = (value & 0x70U) >> 4U;
  int magnitude = static_cast<int>((value & 0x0fU) << 4U) + 8;
  if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
  return static_cast<std::int16_t>((value & 0x80U) != 0 ? magnitude : -magnitude);
}

std::uint8_t a_law(std::int16_t sample) {
  const unsigned sign = sample >= 0 ? 0x80U : 0U;
  const int magnitude = std::min(sample >= 0 ? sample : -sample - 1, 32635) >> 4;
  unsigned exponent = 0;
  while ((magnitude >> (exponent + 5)) > 0) ++exponent;
  const auto mantissa = static_cast<unsigned>(exponent == 0 ? magnitude : magnitude >> exponent) & 0x0fU;
  exponent += exponent > 0 || magnitude > 15 ? 1 : 0;
  return static_cast<std::uint8_t>((sign | (std::min(exponent, 7U) << 4U) | mantissa) ^ 0x55U);
}

std::string little(const std::vector<std::int16_t>& samples) {
  std::string bytes;
  for (const std::int16_t sample : samples) {
    const auto word = static_cast<std::uint16_t>(sample);
    bytes += {static_cast<char>(word & 0xffU), static_cast<char>(word >> 8U)};
  }
  return bytes;
}

template <class Change>
std::string changed(const Pattern& pattern, const Change& change) {
  std::string bytes;
  for (std::size_t i = 0; i < kShort; ++i) bytes += static_cast<char>(change(pattern.at(i)));
  return bytes;
}

template <class Decode>
std::string decoded(const Pattern& pattern, const Decode& decode) {
  std::vector<std::int16_t> samples;
  for (std::size_t i = 0; i < kShort; ++i) samples.push_back(decode(pattern.at(i)));
  return little(samples);
}

std::string grouped(const std::string& digits, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < digits.size(); i += 4) text += (i == 0 ? "" : between) + digits.substr(i, 4);
  return text;
}

void add_card(std::vector<Needle>& needles) {
  const std::string card = kCard;
  needles.push_back({"the card number", card});
  needles.push_back({"the card number with blanks", grouped(card, " ")});
  needles.push_back({"the card number with dashes", grouped(card, "-")});
  std::string bcd;
  std::string swapped;
  std::string events;
  std::string hexadecimal;
  for (std::size_t i = 0; i < card.size(); i += 2) {
    const auto first = static_cast<unsigned>(card[i] - '0');
    const auto second = static_cast<unsigned>(card[i + 1] - '0');
    bcd += static_cast<char>(first << 4U | second);
    swapped += static_cast<char>(second << 4U | first);
  }
  for (const char digit : card) {
    events += static_cast<char>(digit - '0');
    hexadecimal += std::string("3") + digit;
  }
  needles.push_back({"the card number in BCD", bcd});
  needles.push_back({"the card number in swapped BCD", swapped});
  needles.push_back({"the card number in events", events});
  needles.push_back({"the card number in hexadecimal", hexadecimal});
}

/// A stretch of the first digit's tone, which no voice is.
void add_tone(std::vector<Needle>& needles) {
  std::vector<std::int16_t> samples;
  std::string coded;
  for (std::uint32_t i = 40; i < 48; ++i) {
    const std::uint8_t octet = testing::mu_law(scenes::tone_sample(kCard[0], i));
    coded += static_cast<char>(octet);
    samples.push_back(linear_of_mu_law(octet));
  }
  needles.push_back({"a digit's tone", coded});
  needles.push_back({"a digit's tone, decoded", little(samples)});
}

std::optional<unsigned> sextet(char c) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::size_t place = kDigits.find(c == '+' ? '-' : c == '/' ? '_' : c);
  if (place == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(place);
}

/// What the runs of base64url in `text` say, one after the other.
std::string decoded_runs(std::string_view text) {
  std::string all;
  std::string run;
  unsigned bits = 0;
  unsigned held = 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const auto value = i < text.size() ? sextet(text[i]) : std::nullopt;
    if (value) {
      bits = (bits << 6U | *value) & 0xfffU;
      held += 6;
      ++length;
      if (held < 8) continue;
      held -= 8;
      run += static_cast<char>(bits >> held & 0xffU);
      continue;
    }
    if (length >= kEncoded) all += run + '\n';
    run.clear();
    bits = held = 0;
    length = 0;
  }
  return all;
}

/// One channel of two, of 16-bit samples.
std::string channel_of(std::string_view samples, std::size_t channel) {
  std::string bytes;
  bytes.reserve(samples.size() / 2);
  for (std::size_t i = channel * 2; i + 2 <= samples.size(); i += 4) bytes += samples.substr(i, 2);
  return bytes;
}

void look(const std::string& text, const std::string& name, const std::vector<Needle>& needles, Searched& result) {
  result.bytes += text.size();
  for (const Needle& needle : needles) {
    if (memmem(text.data(), text.size(), needle.bytes.data(), needle.bytes.size()) == nullptr) continue;
    result.finds.push_back(needle.name + " in " + name);
  }
}

}  // namespace

std::vector<Needle> needles_of(const Pattern& pattern) {
  std::vector<Needle> needles;
  needles.push_back({"the pattern", changed(pattern, [](std::uint8_t octet) { return octet; })});
  needles.push_back({"the pattern's complement", changed(pattern, [](std::uint8_t octet) { return ~octet; })});
  needles.push_back(
      {"the pattern in A-law", changed(pattern, [](std::uint8_t octet) { return a_law(linear_of_mu_law(octet)); })});
  needles.push_back({"the pattern as A-law in mu-law",
                     changed(pattern, [](std::uint8_t octet) { return testing::mu_law(linear_of_a_law(octet)); })});
  needles.push_back({"the pattern, decoded", decoded(pattern, linear_of_mu_law)});
  needles.push_back({"the pattern, decoded as A-law", decoded(pattern, linear_of_a_law)});
  add_card(needles);
  add_tone(needles);
  return needles;
}

void search(const fs::path& folder, const std::vector<Needle>& needles, Searched& result) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().lexically_relative(folder).string();
    const std::string bytes = testing::read_file(entry.path());
    ++result.files;
    look(bytes, name, needles, result);
    if (name.ends_with(".wav") && bytes.size() > kWavHeader) {
      const std::string_view samples = std::string_view(bytes).substr(kWavHeader);
      for (const std::size_t channel : {0U, 1U}) look(channel_of(samples, channel), name, needles, result);
    } else {
      std::string inner = decoded_runs(bytes);
      look(inner, name, needles, result);
      look(decoded_runs(inner), name, needles, result);
    }
  }
}

}  // namespace tapestry::leak
