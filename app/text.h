#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

// Text for a terminal. What came from the wire goes through printable() before it is shown.
namespace tapestry::app {

/// Without anything that a terminal would act on: control characters, direction marks and malformed UTF-8 become `?`.
/// Without `utf8`, everything outside ASCII does.
std::string printable(std::string_view text, bool utf8 = true);

/// Characters (code points) of UTF-8 text.
std::size_t width_of(std::string_view utf8) noexcept;

/// Exactly `width` characters: padded with blanks, or cut with a last `~`.
std::string fit(std::string_view utf8, std::size_t width);

/// `1,234,567`
std::string grouped(std::uint64_t number);

/// `1:02:03` or `2:03`, rounded to a second; with `tenths`, `2:03.4`.
std::string clock_text(Duration duration, bool tenths = false);

/// `2026-11-20 08:00:00`, UTC.
std::string date_text(Time time);

}  // namespace tapestry::app
