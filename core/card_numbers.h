#pragma once
#include <string>
#include <string_view>

namespace tapestry {

/// How many digits a payment card's number has (ISO/IEC 7812-1).
inline constexpr std::size_t kLeastCardDigits = 13;
inline constexpr std::size_t kMostCardDigits = 19;

/// Whether the digits of `text` pass Luhn's check (ISO/IEC 7812-1 annex B), whatever is between them. Linear; any
/// thread.
[[nodiscard]] bool passes_luhn(std::string_view text) noexcept;

/// `text` with each digit of whatever may be a payment card's number replaced by `X`, so that nothing of it is kept.
/// That is 13 to 19 digits whose Luhn check holds (ISO/IEC 7812-1 annex B), as one run or as several with one blank or
/// dash between; a run counts whole or not at all, so that longer numbers (a UCID has 20 digits) stay. Of other numbers
/// with so many digits one in ten passes and is masked, too. Hexadecimal is not decoded. Linear; any thread.
std::string mask_card_numbers(std::string_view text);

}  // namespace tapestry
