#include "web/range.h"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace tapestry::web {
namespace {

constexpr std::string_view kUnit = "bytes=";
constexpr RangeAnswer kWhole{};
constexpr RangeAnswer kUnsatisfiable{.kind = RangeAnswer::Kind::Unsatisfiable};

/// A number too great for 64 bits is the greatest: no file is longer.
std::optional<std::uint64_t> number(std::string_view digits) noexcept {
  if (digits.empty() || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc::result_out_of_range ? std::numeric_limits<std::uint64_t>::max() : value;
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

RangeAnswer suffix(std::string_view digits, std::uint64_t size) noexcept {
  const auto length = number(digits);
  if (!length || *length == 0 || size == 0) return kUnsatisfiable;
  const std::uint64_t bytes = std::min(*length, size);
  return {.kind = RangeAnswer::Kind::Part, .first = size - bytes, .bytes = bytes};
}

}  // namespace

RangeAnswer answer_range(std::string_view value, std::uint64_t size) noexcept {
  value = trimmed(value);
  if (value.size() < kUnit.size() || strncasecmp(value.data(), kUnit.data(), kUnit.size()) != 0) return kWhole;
  value = trimmed(value.substr(kUnit.size()));
  if (value.find(',') != std::string_view::npos) return kWhole;
  const std::size_t dash = value.find('-');
  if (dash == std::string_view::npos) return kUnsatisfiable;
  const std::string_view to = value.substr(dash + 1);
  if (dash == 0) return suffix(to, size);
  const auto first = number(value.substr(0, dash));
  const auto last = to.empty() ? std::numeric_limits<std::uint64_t>::max() : number(to);
  if (!first || !last || *last < *first || *first >= size) return kUnsatisfiable;
  return {.kind = RangeAnswer::Kind::Part, .first = *first, .bytes = std::min(*last, size - 1) - *first + 1};
}

}  // namespace tapestry::web
