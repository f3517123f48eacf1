#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace tapestry {

/// The key of a telephone keypad that an event code means: `0` to `9`, `*`, `#`, `A` to `D` (RFC 4733 §3.2, table 3);
/// nothing for events that are no keys.
[[nodiscard]] std::optional<char> dtmf_key_of_event(std::uint8_t event) noexcept;

/// The key that a word of a message means: `5`, `*`, `#`, `A`, `d`; an event code of two digits (`10`: `*`, `11`: `#`,
/// `12` to `15`: `A` to `D`); `star`, `asterisk`, `pound`, `hash` in any case. Nothing for anything else. Any thread.
[[nodiscard]] std::optional<char> parse_dtmf_key(std::string_view word) noexcept;

}  // namespace tapestry
