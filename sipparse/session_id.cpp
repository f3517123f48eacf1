#include "sipparse/session_id.h"

#include <algorithm>

#include "sipparse/parameters.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

bool is_uuid(std::string_view text) noexcept {
  return text.size() == kNilUuid.size() && std::ranges::all_of(text, is_hex);
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

}  // namespace

std::optional<SessionId> parse_session_id(std::string_view value) {
  std::string_view rest = value;
  const std::string_view local = trim(take_until(rest, ';'));
  if (!is_uuid(local)) return std::nullopt;
  const std::string_view remote = parameter(rest, "remote").value_or("");
  return SessionId{lower_case(local), is_uuid(remote) ? lower_case(remote) : std::string(kNilUuid)};
}

}  // namespace tapestry::sip
