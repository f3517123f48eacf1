#include "sipparse/header_lines.h"

#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

HeaderLine split_name(std::string_view line) noexcept {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || is_space(line.front())) return {};
  return {.raw_name = trim(line.substr(0, colon)), .value = trim(line.substr(colon + 1))};
}

/// Where the logical line ends: at the first line end that no fold follows.
std::size_t logical_end(std::string_view text) noexcept {
  std::size_t end = text.find('\n');
  while (end != std::string_view::npos && end + 1 < text.size() && (text[end + 1] == ' ' || text[end + 1] == '\t')) {
    end = text.find('\n', end + 1);
  }
  return end;
}

}  // namespace

std::string_view take_line(std::string_view& text) noexcept {
  std::string_view line = take_until(text, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<HeaderLine> HeaderLines::next() noexcept {
  if (complete_ || rest_.empty()) return std::nullopt;
  if (rest_.starts_with('\n') || rest_.starts_with("\r\n")) {
    take_line(rest_);
    complete_ = true;
    return std::nullopt;
  }
  const std::size_t end = logical_end(rest_);
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  return split_name(line);
}

}  // namespace tapestry::sip
