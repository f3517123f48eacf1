#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry {

/// Packet time: nanoseconds since 1970-01-01T00:00:00Z. Inside the stages there is no other clock.
using Duration = std::chrono::nanoseconds;
using Time = std::chrono::sys_time<Duration>;

/// Seconds as a floating number, for reports and sums; never for comparing times.
[[nodiscard]] constexpr double to_seconds(Duration duration) noexcept {
  return std::chrono::duration<double>(duration).count();
}

/// Nearest nanosecond to `seconds`.
[[nodiscard]] Duration from_seconds(double seconds) noexcept;

/// RFC 3339 in the normal form of RFC 8620 §1.4: UTC, `Z`, microseconds with trailing zeros and an empty fraction
/// omitted. `2026-11-20T08:00:00Z`, `2026-11-20T08:00:10.25Z`. Years outside 0001..9999 are clamped.
[[nodiscard]] std::string to_rfc3339(Time time);

/// Any RFC 3339 date-time of the years 1678 to 2261, which Time can hold; nothing when the text is none.
[[nodiscard]] std::optional<Time> from_rfc3339(std::string_view text);

}  // namespace tapestry
