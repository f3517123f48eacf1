#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::sip {

/// What a base64 digit stands for (RFC 4648 §4); nothing for any other character.
std::optional<std::uint8_t> base64_digit(char c) noexcept;

/// The octets that base64 text stands for, padded or not, blanks between allowed; nothing when it is none. Not for
/// keys: nothing is wiped. Linear.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace tapestry::sip
