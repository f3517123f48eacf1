#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::verify {

/// Base64url without padding (RFC 7515 §2); nothing when a character, the length or unused bits are wrong.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

/// Base64 with padding (RFC 4648 §4), as in x5c; nothing when a character, the padding or unused bits are wrong.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace tapestry::verify
