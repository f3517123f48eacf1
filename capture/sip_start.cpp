#include "capture/sip_start.h"

#include <algorithm>

namespace tapestry::capture {
namespace {

constexpr std::size_t kLongestMethod = 16;
constexpr std::string_view kLongestScheme = "sips:";
static_assert(kSipStart == kLongestMethod + 1 + kLongestScheme.size());

}  // namespace

bool begins_like_sip(std::string_view text) noexcept {
  if (text.starts_with("SIP/2.0 ")) return true;
  const std::size_t space = text.substr(0, kLongestMethod + 1).find(' ');
  if (space == std::string_view::npos || space == 0) return false;
  const bool method = std::ranges::all_of(text.substr(0, space), [](char c) { return c >= 'A' && c <= 'Z'; });
  const std::string_view uri = text.substr(space + 1);
  return method && (uri.starts_with("sip:") || uri.starts_with(kLongestScheme) || uri.starts_with("tel:"));
}

}  // namespace tapestry::capture
