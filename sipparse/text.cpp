#include "sipparse/text.h"

#include <algorithm>

namespace tapestry::sip {

bool equals_ignore_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool starts_with_ignore_case(std::string_view text, std::string_view prefix) noexcept {
  return equals_ignore_case(text.substr(0, prefix.size()), prefix);
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string unfolded(std::string_view text) {
  if (text.find_first_of("\r\n") == std::string_view::npos) return std::string(text);
  std::string whole;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find_first_of(" \t\r\n"), text.size());
    whole += text.substr(0, blank);
    text.remove_prefix(blank);
    const std::size_t end = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const std::string_view blanks = text.substr(0, end);
    if (blanks.find_first_of("\r\n") == std::string_view::npos) {
      whole += blanks;
    } else {
      whole += ' ';
    }
    text.remove_prefix(end);
  }
  return whole;
}

std::string_view take_word(std::string_view& rest) noexcept {
  std::size_t end = 0;
  while (end < rest.size() && !is_space(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  while (end < rest.size() && is_space(rest[end])) ++end;
  rest.remove_prefix(end);
  return word;
}

std::string_view take_until(std::string_view& rest, char separator) noexcept {
  const std::size_t end = rest.find(separator);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return taken;
}

std::size_t quoted_end(std::string_view text, std::size_t open) noexcept {
  for (std::size_t at = open + 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t find_unquoted(std::string_view text, std::string_view wanted, std::size_t from) noexcept {
  for (std::size_t at = from; at < text.size();) {
    if (wanted.contains(text[at])) return at;
    if (text[at] == '"') {
      at = quoted_end(text, at);
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

}  // namespace tapestry::sip
