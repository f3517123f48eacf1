#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::sip {

/// Session-ID (RFC 7989 §5): UUIDs of 32 hexadecimal digits in lower case, as the message's sender has them.
struct SessionId {
  std::string local;
  std::string remote;  ///< the null UUID when it is not known, or in RFC 7329's form, which has none
  friend bool operator==(const SessionId&, const SessionId&) = default;
};

inline constexpr std::string_view kNilUuid = "00000000000000000000000000000000";

/// Reads a header's value; nothing when its local UUID is none. A remote that is none is the null UUID.
std::optional<SessionId> parse_session_id(std::string_view value);

}  // namespace tapestry::sip
