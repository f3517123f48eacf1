#include "core/dtmf_key.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapestry {
namespace {

constexpr std::string_view kKeys = "0123456789*#ABCD";  // in order of event codes
constexpr std::array<std::pair<std::string_view, char>, 4> kWords{
    {{"STAR", '*'}, {"ASTERISK", '*'}, {"POUND", '#'}, {"HASH", '#'}}};

char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<char> dtmf_key_of_event(std::uint8_t event) noexcept {
  if (event >= kKeys.size()) return std::nullopt;
  return kKeys[event];
}

std::optional<char> parse_dtmf_key(std::string_view word) noexcept {
  if (word.size() == 1) {
    const char key = upper(word.front());
    return kKeys.find(key) == std::string_view::npos ? std::nullopt : std::optional(key);
  }
  if (word.size() == 2 && is_digit(word[0]) && is_digit(word[1])) {
    return dtmf_key_of_event(static_cast<std::uint8_t>((word[0] - '0') * 10 + (word[1] - '0')));
  }
  for (const auto& [name, key] : kWords) {
    if (std::ranges::equal(word, name, {}, upper)) return key;
  }
  return std::nullopt;
}

}  // namespace tapestry
