#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::sip {

/// User-to-user information (RFC 7433 §4; draft-johnston-sipping-cc-uui-01) as one value carries it.
struct UserToUser {
  std::string data;      ///< the token, or the quoted string without its quotes; escapes of a URI undone. Never empty
  std::string encoding;  ///< `hex`, ... as sent; empty when not told, which means text (or hex for isdn-uui)
  std::string purpose;   ///< application that it is for, `isdn-uui`, ...; may be empty
  std::string content;   ///< may be empty
};

/// Bound: what comes later in one header, or in one message, is left out.
inline constexpr std::size_t kMaxUserToUser = 16;

/// The values of one User-to-User header, a comma list of them, escaped (`%3B` for the semicolon, also seen in the
/// header itself) or not. At most kMaxUserToUser. Linear.
std::vector<UserToUser> parse_user_to_user(std::string_view value);

/// The UCID (universal call identifier, 20 digits: node, sequence, time) that Avaya's hosts put into User-to-User:
/// after the protocol discriminator 00 or 04 a list of type, length and value, in hexadecimal, of which type FA with 8
/// octets is one. Nothing when there is none. Linear.
std::optional<std::string> ucid_of(const UserToUser& value);

}  // namespace tapestry::sip
