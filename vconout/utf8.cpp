#include "vconout/utf8.h"

#include <cstdint>

namespace tapestry::vconout {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// What may follow a lead byte: Unicode 15 table 3-7.
struct Lead {
  std::size_t following = 0;
  std::uint8_t second_low = 0x80;
  std::uint8_t second_high = 0xbf;
  bool valid = true;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {};
  if (byte >= 0xc2 && byte <= 0xdf) return {.following = 1};
  if (byte == 0xe0) return {.following = 2, .second_low = 0xa0};
  if (byte == 0xed) return {.following = 2, .second_high = 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {.following = 2};
  if (byte == 0xf0) return {.following = 3, .second_low = 0x90};
  if (byte == 0xf4) return {.following = 3, .second_high = 0x8f};
  if (byte >= 0xf1 && byte <= 0xf3) return {.following = 3};
  return {.valid = false};
}

/// How many bytes after the lead at `at` belong to it.
std::size_t continuation(std::string_view text, std::size_t at, const Lead& lead) {
  std::size_t count = 0;
  while (count < lead.following && at + 1 + count < text.size()) {
    const auto byte = static_cast<std::uint8_t>(text[at + 1 + count]);
    const std::uint8_t low = count == 0 ? lead.second_low : std::uint8_t{0x80};
    const std::uint8_t high = count == 0 ? lead.second_high : std::uint8_t{0xbf};
    if (byte < low || byte > high) break;
    ++count;
  }
  return count;
}

}  // namespace

std::string to_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Lead lead = lead_of(static_cast<std::uint8_t>(text[at]));
    const std::size_t following = continuation(text, at, lead);
    if (lead.valid && following == lead.following) {
      clean += text.substr(at, 1 + following);
    } else {
      clean += kReplacement;
    }
    at += 1 + following;
  }
  return clean;
}

}  // namespace tapestry::vconout
