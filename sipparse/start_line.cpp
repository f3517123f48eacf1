#include "sipparse/start_line.h"

#include <algorithm>

#include "sipparse/message.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

bool all_token(std::string_view text) noexcept { return !text.empty() && std::ranges::all_of(text, is_token_char); }

std::optional<StartLine> parse_status_line(std::string_view line) noexcept {
  StartLine start;
  start.version = take_word(line);
  const std::string_view status = take_word(line);
  if (!is_sip_version(start.version) || status.empty() || !std::ranges::all_of(status, is_digit)) return std::nullopt;
  const unsigned number = parse_number<unsigned>(status).value_or(0);
  start.status = number >= 100 && number <= 699 ? static_cast<int>(number) : 0;
  start.reason = line;
  return start;
}

std::optional<StartLine> parse_request_line(std::string_view line) noexcept {
  const std::size_t blank = line.find_last_of(" \t");
  if (blank == std::string_view::npos || !is_sip_version(line.substr(blank + 1))) return std::nullopt;
  StartLine start;
  start.request = true;
  start.version = line.substr(blank + 1);
  std::string_view rest = line.substr(0, blank);
  start.method = take_word(rest);
  start.request_uri = trim(rest);
  if (!all_token(start.method)) return std::nullopt;
  return start;
}

std::string_view skip_line_ends(std::string_view text) noexcept {
  while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
  return text;
}

/// Whether the unfinished text may still become `token SP scheme ":"`.
bool may_become_request(std::string_view text) noexcept {
  const std::string_view method = text.substr(0, text.find(' '));
  if (!all_token(method)) return false;
  if (method.size() == text.size()) return true;
  const std::string_view uri = text.substr(method.size() + 1);
  const std::string_view scheme = uri.substr(0, uri.find(':'));
  return std::ranges::all_of(scheme, [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; }) &&
         (scheme.empty() ? uri.empty() : is_alpha(scheme.front()));
}

}  // namespace

bool is_sip_version(std::string_view text) noexcept {
  if (!starts_with_ignore_case(text, "SIP/")) return false;
  text.remove_prefix(4);
  const std::string_view major = take_until(text, '.');
  return !major.empty() && !text.empty() && std::ranges::all_of(major, is_digit) && std::ranges::all_of(text, is_digit);
}

std::optional<StartLine> parse_start_line(std::string_view line) noexcept {
  if (line.empty() || is_space(line.front())) return std::nullopt;
  line = trim(line);
  return starts_with_ignore_case(line, "SIP/") ? parse_status_line(line) : parse_request_line(line);
}

bool looks_like_sip(Bytes bytes) noexcept {
  const std::string_view text = skip_line_ends(as_text(bytes));
  if (starts_with_ignore_case(text, "SIP/2.0 ")) return true;
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return may_become_request(text);
  const auto start = parse_start_line(text.substr(0, end));
  return start && equals_ignore_case(start->version, "SIP/2.0");
}

}  // namespace tapestry::sip
