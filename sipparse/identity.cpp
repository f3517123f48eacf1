#include "sipparse/identity.h"

#include <algorithm>

#include "sipparse/parameters.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

bool is_base64url(std::string_view text) noexcept {
  return !text.empty() && text.size() % 4 != 1 &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

}  // namespace

std::optional<std::string_view> passport_of(std::string_view value) noexcept {
  std::string_view rest = value;
  const std::string_view token = trim(take_until(rest, ';'));
  const auto type = parameter(rest, "ppt");
  if (token.size() > kMaxPassportBytes || (type && starts_with_ignore_case(*type, "div"))) return std::nullopt;
  std::string_view parts = token;
  const std::string_view header = take_until(parts, '.');
  const std::string_view claims = take_until(parts, '.');
  if (!is_base64url(header) || !is_base64url(claims) || !is_base64url(parts)) return std::nullopt;
  return token;
}

}  // namespace tapestry::sip
