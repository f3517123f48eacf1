#include "sipparse/base64.h"

#include "sipparse/text.h"

namespace tapestry::sip {

std::optional<std::uint8_t> base64_digit(char c) noexcept {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = kDigits.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<std::uint8_t>(at));
}

std::optional<std::string> decode_base64(std::string_view text) {
  text = trim(text);
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string octets;
  octets.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    const auto digit = base64_digit(c);
    if (!digit) return std::nullopt;
    held = (held << 6U | *digit) & 0x3fffU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      octets += static_cast<char>(held >> bits & 0xffU);
    }
  }
  if (bits == 6) return std::nullopt;
  return octets;
}

}  // namespace tapestry::sip
