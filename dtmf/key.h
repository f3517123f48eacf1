#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/dtmf_key.h"

namespace tapestry::dtmf {

/// `0` to `9`, `*`, `#`, `A` to `D` (RFC 4733 §3.2); nothing for events that are no DTMF.
[[nodiscard]] inline std::optional<char> key_of_event(std::uint8_t event) noexcept { return dtmf_key_of_event(event); }

/// The key that a word of a message means: see parse_dtmf_key().
[[nodiscard]] inline std::optional<char> parse_key(std::string_view word) noexcept { return parse_dtmf_key(word); }

/// Whether a key is one of `0` to `9`.
[[nodiscard]] constexpr bool is_digit_key(char key) noexcept { return key >= '0' && key <= '9'; }

}  // namespace tapestry::dtmf
