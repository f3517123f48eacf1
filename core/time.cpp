#include "core/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tapestry {
namespace {

using namespace std::chrono;

// What 64 bits of nanoseconds around 1970 can hold in whole years.
constexpr int kFirstYear = 1678;
constexpr int kLastYear = 2261;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// `.5` at `at` gives 500 ms and moves `at` behind it; digits beyond the ninth are dropped.
std::optional<Duration> fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return Duration::zero();
  const std::size_t first = ++at;
  std::int64_t value = 0;
  std::int64_t unit = 1'000'000'000;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    if (unit > 1) {
      unit /= 10;
      value += (text[at] - '0') * unit;
    }
    ++at;
  }
  if (at == first) return std::nullopt;
  return Duration(value);
}

std::optional<Duration> offset(std::string_view text) {
  if (text == "Z" || text == "z") return Duration::zero();
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hour = digits(text, 1, 2);
  const auto minute = digits(text, 4, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const Duration value = hours(*hour) + minutes(*minute);
  return text[0] == '+' ? value : -value;
}

}  // namespace

Duration from_seconds(double seconds) noexcept { return Duration(std::llround(seconds * 1e9)); }

std::string to_rfc3339(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<microseconds> clock(floor<microseconds>(time - day));
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", std::clamp(int{date.year()}, 1, 9999), unsigned{date.month()},
                  unsigned{date.day()}, clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (const auto micros = clock.subseconds().count(); micros != 0) {
    text += fmt::format(".{:06}", micros);
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

std::optional<Time> from_rfc3339(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second || text.size() < 20) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (*year < kFirstYear || *year > kLastYear || !date.ok() || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  std::size_t at = 19;
  const auto part = fraction(text, at);
  if (!part) return std::nullopt;
  const auto zone = offset(text.substr(at));
  if (!zone) return std::nullopt;
  return Time(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second) + *part - *zone;
}

}  // namespace tapestry
