#pragma once
#include <charconv>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::sip {

// Character classes of RFC 3261 §25.1 and the few text operations that every parser here needs.

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) noexcept { return is_alpha(c) || is_digit(c); }
constexpr bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
/// LWS with its folds: SP, HT, CR and LF.
constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
constexpr bool is_mark(char c) noexcept { return std::string_view("-_.!~*'()").contains(c); }
constexpr bool is_token_char(char c) noexcept { return is_alnum(c) || std::string_view("-.!%*_+`'~").contains(c); }
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// ASCII comparison without case.
bool equals_ignore_case(std::string_view a, std::string_view b) noexcept;
bool starts_with_ignore_case(std::string_view text, std::string_view prefix) noexcept;

/// Without LWS at both ends.
std::string_view trim(std::string_view text) noexcept;

/// With each fold (CR, LF, and the blanks around them) as one SP (RFC 3261 §7.3.1).
std::string unfolded(std::string_view text);

/// What stands before the first LWS; takes it and that LWS off `rest`.
std::string_view take_word(std::string_view& rest) noexcept;

/// What stands before the first `separator` (all, when there is none); takes both off `rest`.
std::string_view take_until(std::string_view& rest, char separator) noexcept;

/// Position behind the quote that closes the quoted string which opens at `open`; npos when it never closes (RFC 3261
/// §25.1).
std::size_t quoted_end(std::string_view text, std::size_t open) noexcept;

/// Position of the first of `wanted` outside quoted strings from `from` on; npos when there is none. A string that is
/// never closed hides all behind it.
std::size_t find_unquoted(std::string_view text, std::string_view wanted, std::size_t from = 0) noexcept;

/// An unsigned decimal that fills the whole text; nothing when it is empty, not a number or too large for `Number`.
template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number number = 0;
  const char* const end = std::to_address(text.end());
  const auto [stop, error] = std::from_chars(std::to_address(text.begin()), end, number);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace tapestry::sip
