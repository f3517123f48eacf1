#include "app/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "core/bytes.h"

namespace tapestry::app {
namespace {

struct Decoded {
  char32_t point = 0;
  std::size_t length = 1;
};

/// One code point of well-formed UTF-8 (RFC 3629); nothing when malformed.
std::optional<Decoded> decode(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = at(0);
  if (first < 0x80) return Decoded{first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return std::nullopt;
  std::uint32_t point = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0U) != 0x80U) return std::nullopt;
    point = point << 6U | (at(i) & 0x3fU);
  }
  const bool shortest = length == 2 || (length == 3 ? point >= 0x800 : point >= 0x10000);
  if (!shortest || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return std::nullopt;
  return Decoded{point, length};
}

bool is_active(char32_t point) noexcept {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}

}  // namespace

std::string printable(std::string_view text, bool utf8) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const auto decoded = decode(text);
    const std::size_t length = decoded ? decoded->length : 1;
    if (!decoded || is_active(decoded->point) || (!utf8 && length > 1)) {
      safe += '?';
    } else {
      safe += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return safe;
}

std::size_t width_of(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string fit(std::string_view utf8, std::size_t width) {
  std::string text(utf8);
  std::size_t length = width_of(text);
  if (length > width) {
    while (length >= width && !text.empty()) {
      while ((static_cast<unsigned char>(text.back()) & 0xc0U) == 0x80U) text.pop_back();
      text.pop_back();
      --length;
    }
    if (width == 0) return {};
    text += '~';
    ++length;
  }
  text.append(width - length, ' ');
  return text;
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string clock_text(Duration duration, bool tenths) {
  const std::int64_t unit_ns = tenths ? 100'000'000 : 1'000'000'000;
  const std::int64_t units = (std::abs(duration.count()) + unit_ns / 2) / unit_ns;
  const std::int64_t seconds = tenths ? units / 10 : units;
  std::string text = duration.count() < 0 && units > 0 ? "-" : "";
  text += seconds >= 3600 ? fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
                          : fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  if (tenths) text += fmt::format(".{}", units % 10);
  return text;
}

std::string date_text(Time time) {
  std::string text = to_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
  text.resize(std::string_view("2026-11-20T08:00:00").size());
  text[10] = ' ';
  return text;
}

}  // namespace tapestry::app
