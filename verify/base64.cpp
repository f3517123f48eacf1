#include "verify/base64.h"

#include <array>
#include <cstdint>

namespace tapestry::verify {
namespace {

constexpr std::uint8_t kNoDigit = 0xff;
using Alphabet = std::array<std::uint8_t, 256>;

consteval Alphabet alphabet(char digit62, char digit63) {
  Alphabet table{};
  table.fill(kNoDigit);
  for (std::uint8_t n = 0; n < 26; ++n) {
    table[static_cast<std::size_t>('A') + n] = n;
    table[static_cast<std::size_t>('a') + n] = static_cast<std::uint8_t>(n + 26);
  }
  for (std::uint8_t n = 0; n < 10; ++n) table[static_cast<std::size_t>('0') + n] = static_cast<std::uint8_t>(n + 52);
  table[static_cast<std::uint8_t>(digit62)] = 62;
  table[static_cast<std::uint8_t>(digit63)] = 63;
  return table;
}

constexpr Alphabet kUrl = alphabet('-', '_');
constexpr Alphabet kStandard = alphabet('+', '/');

std::optional<std::string> decode(std::string_view digits, const Alphabet& table) {
  if (digits.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(digits.size() / 4 * 3 + 2);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : digits) {
    const std::uint8_t digit = table[static_cast<std::uint8_t>(c)];
    if (digit == kNoDigit) return std::nullopt;
    held = held << 6U | digit;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(held >> bits & 0xffU);
      held &= (1U << bits) - 1;
    }
  }
  if (held != 0) return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::string> from_base64url(std::string_view text) { return decode(text, kUrl); }

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with('=')) text.remove_suffix(1);
  if (text.ends_with('=')) text.remove_suffix(1);
  return decode(text, kStandard);
}

}  // namespace tapestry::verify
