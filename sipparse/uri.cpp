#include "sipparse/uri.h"

#include <algorithm>

#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

constexpr std::string_view kVisualSeparators = "-.()";

bool is_scheme(std::string_view text) noexcept {
  return !text.empty() && is_alpha(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

/// Position of the `@` that ends the user part; npos when there is none. A user holds `;` and `?`, but never quotes or
/// blanks; of several `@` the last before the parameters counts.
std::size_t user_end(std::string_view text) noexcept {
  const std::size_t first = text.find_first_of("@\"<> \t\r\n");
  if (first == std::string_view::npos || text[first] != '@') return std::string_view::npos;
  return text.substr(0, text.find_first_of(";?", first)).rfind('@');
}

/// Takes host and port off the front of `rest`.
void take_host(Uri& uri, std::string_view& rest) noexcept {
  const std::size_t from = rest.starts_with('[') ? rest.find(']') : 0;
  const std::size_t end = std::min(rest.find_first_of(";?", from == std::string_view::npos ? 0 : from), rest.size());
  std::string_view host = rest.substr(0, end);
  rest.remove_prefix(end);
  const std::size_t colon = host.find(':', from == std::string_view::npos ? 0 : from);
  if (colon != std::string_view::npos) {
    uri.port = parse_number<std::uint16_t>(trim(host.substr(colon + 1))).value_or(0);
    host = host.substr(0, colon);
  }
  uri.host = trim(host);
}

void take_tail(Uri& uri, std::string_view rest) noexcept {
  const std::size_t question = rest.find('?');
  if (question != std::string_view::npos) uri.headers = rest.substr(question + 1);
  rest = rest.substr(0, question);
  if (rest.starts_with(';')) uri.parameters = rest.substr(1);
}

int hex_value(char c) noexcept { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; }

/// The byte that the escape at `at` stands for; negative when there is no escape.
int escaped_byte(std::string_view text, std::size_t at) noexcept {
  if (text[at] != '%' || text.size() - at < 3 || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return -1;
  return hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]);
}

std::string normal_user(std::string_view user) {
  std::string normal;
  normal.reserve(user.size());
  for (std::size_t at = 0; at < user.size(); ++at) {
    const int byte = escaped_byte(user, at);
    if (byte < 0) {
      normal += user[at];
      continue;
    }
    const char c = static_cast<char>(byte);
    if (is_alnum(c) || is_mark(c)) {
      normal += c;
    } else {
      normal += {'%', upper(user[at + 1]), upper(user[at + 2])};
    }
    at += 2;
  }
  return normal;
}

}  // namespace

std::optional<Uri> parse_uri(std::string_view text) noexcept {
  text = trim(text);
  Uri uri;
  const std::size_t colon = text.find(':');
  uri.scheme = text.substr(0, colon);
  if (colon == std::string_view::npos || !is_scheme(uri.scheme)) return std::nullopt;
  std::string_view rest = text.substr(colon + 1);

  if (equals_ignore_case(uri.scheme, "sip") || equals_ignore_case(uri.scheme, "sips")) {
    const std::size_t at = user_end(rest);
    if (at != std::string_view::npos) {
      uri.user = rest.substr(0, std::min(rest.find(':'), at));
      rest.remove_prefix(at + 1);
    }
    take_host(uri, rest);
    take_tail(uri, rest);
    if (uri.host.empty()) return std::nullopt;
  } else if (equals_ignore_case(uri.scheme, "tel")) {
    uri.user = trim(rest.substr(0, rest.find_first_of(";?")));
    take_tail(uri, rest.substr(std::min(rest.find_first_of(";?"), rest.size())));
    if (uri.user.empty()) return std::nullopt;
  } else {
    uri.user = rest;
    if (uri.user.empty()) return std::nullopt;
  }
  return uri;
}

std::string address_of_record(const Uri& uri) {
  std::string aor;
  aor.reserve(uri.scheme.size() + uri.user.size() + uri.host.size() + 2);
  std::ranges::transform(uri.scheme, std::back_inserter(aor), lower);
  aor += ':';
  if (equals_ignore_case(uri.scheme, "tel")) {
    std::ranges::copy_if(uri.user, std::back_inserter(aor), [](char c) { return !kVisualSeparators.contains(c); });
    return aor;
  }
  aor += normal_user(uri.user);
  if (!uri.user.empty() && !uri.host.empty()) aor += '@';
  std::ranges::transform(uri.host, std::back_inserter(aor), lower);
  return aor;
}

std::string unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int byte = escaped_byte(text, at);
    if (byte > 0) {
      plain += static_cast<char>(byte);
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

}  // namespace tapestry::sip
