#include "sipparse/grammar.h"

#include <algorithm>

#include "core/address.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

bool is_ipv4(std::string_view text) noexcept {
  if (text.ends_with('.')) return false;
  for (int part = 0; part < 4; ++part) {
    const std::string_view digits = take_until(text, '.');
    if (digits.size() > 3 || !parse_number<std::uint8_t>(digits)) return false;
    if (text.empty() != (part == 3)) return false;
  }
  return true;
}

bool is_label(std::string_view text) noexcept {
  return !text.empty() && is_alnum(text.front()) && is_alnum(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_host_name(std::string_view text) noexcept {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.ends_with('.')) return false;
  std::string_view label;
  do {
    label = take_until(text, '.');
    if (!is_label(label)) return false;
  } while (!text.empty());
  return is_alpha(label.front());
}

bool is_ipv6_reference(std::string_view text) noexcept {
  return text.size() > 2 && text.front() == '[' && text.back() == ']' && text.contains(':') &&
         IpAddress::parse(text.substr(1, text.size() - 2)).has_value();
}

/// Only alphanumerics, marks, whole escapes and what `also` lists.
bool is_escaped_text(std::string_view text, std::string_view also) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '%') {
      if (text.size() - at < 3 || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
      at += 2;
    } else if (!is_alnum(c) && !is_mark(c) && !also.contains(c)) {
      return false;
    }
  }
  return true;
}

bool is_user_info(std::string_view text) noexcept {
  const std::string_view user = take_until(text, ':');
  return !user.empty() && is_escaped_text(user, "&=+$,;?/") && is_escaped_text(text, "&=+$,");
}

/// `name[=value]` between semicolons, none empty.
bool are_uri_parameters(std::string_view text) noexcept {
  while (!text.empty()) {
    if (text.front() != ';') return false;
    text.remove_prefix(1);
    std::string_view value = text.substr(0, text.find(';'));
    text.remove_prefix(value.size());
    const bool has_value = value.contains('=');
    const std::string_view name = take_until(value, '=');
    if (name.empty() || has_value == value.empty()) return false;
    if (!is_escaped_text(name, "[]/:&+$") || !is_escaped_text(value, "[]/:&+$")) return false;
  }
  return true;
}

bool are_uri_headers(std::string_view text) noexcept {
  if (text.ends_with('&')) return false;
  do {
    std::string_view value = take_until(text, '&');
    if (!value.contains('=')) return false;
    const std::string_view name = take_until(value, '=');
    if (name.empty() || !is_escaped_text(name, "[]/?:+$") || !is_escaped_text(value, "[]/?:+$")) return false;
  } while (!text.empty());
  return true;
}

bool is_sip_uri_rest(std::string_view text, bool headers_allowed) noexcept {
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos && !is_user_info(text.substr(0, at))) return false;
  if (at != std::string_view::npos) text.remove_prefix(at + 1);
  const std::size_t question = text.find('?');
  if (question != std::string_view::npos) {
    if (!headers_allowed || !are_uri_headers(text.substr(question + 1))) return false;
    text = text.substr(0, question);
  }
  const std::size_t semicolon = std::min(text.find(';'), text.size());
  return is_host_port(text.substr(0, semicolon), false) && are_uri_parameters(text.substr(semicolon));
}

bool is_tel_rest(std::string_view text) noexcept {
  const std::size_t semicolon = std::min(text.find(';'), text.size());
  const std::string_view number = text.substr(0, semicolon);
  return std::ranges::any_of(number, [](char c) { return is_hex(c) || c == '*' || c == '#'; }) &&
         std::ranges::all_of(number, [](char c) { return is_hex(c) || std::string_view("+*#-.()").contains(c); }) &&
         are_uri_parameters(text.substr(semicolon));
}

bool is_any_uri(std::string_view text, bool headers_allowed) noexcept {
  if (!text.contains(':')) return false;
  const std::string_view scheme = take_until(text, ':');
  if (equals_ignore_case(scheme, "sip") || equals_ignore_case(scheme, "sips")) {
    return is_sip_uri_rest(text, headers_allowed);
  }
  if (equals_ignore_case(scheme, "tel")) return is_tel_rest(text);
  return !scheme.empty() && is_alpha(scheme.front()) && !text.empty() && is_escaped_text(text, ";/?:@&=+$,") &&
         std::ranges::all_of(scheme, [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

}  // namespace

bool is_token(std::string_view text) noexcept { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_number(std::string_view text) noexcept { return !text.empty() && std::ranges::all_of(text, is_digit); }

bool is_quoted_string(std::string_view text) noexcept {
  return text.starts_with('"') && quoted_end(text, 0) == text.size();
}

bool is_word(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_token_char(c) || std::string_view("()<>:\\\"/[]?{}").contains(c);
  });
}

bool is_host(std::string_view text) noexcept { return is_ipv4(text) || is_host_name(text) || is_ipv6_reference(text); }

bool is_host_port(std::string_view text, bool blanks) noexcept {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const std::size_t colon = text.find(':', bracket);
  std::string_view host = text.substr(0, colon);
  if (blanks) host = trim(host);
  if (!is_host(host)) return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view port = text.substr(colon + 1);
  return parse_number<std::uint16_t>(blanks ? trim(port) : port).has_value();
}

bool is_parameter_value(std::string_view text) noexcept {
  return is_token(text) || is_quoted_string(text) || is_host(text);
}

bool is_uri(std::string_view text) noexcept { return is_any_uri(text, true); }

bool is_request_uri(std::string_view text) noexcept { return is_any_uri(text, false); }

}  // namespace tapestry::sip
