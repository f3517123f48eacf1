#include "sipparse/address.h"

namespace tapestry::sip {
namespace {

std::string_view without_quotes(std::string_view name) noexcept {
  if (!name.starts_with('"')) return name;
  const std::size_t end = quoted_end(name, 0);
  return end == std::string_view::npos ? name.substr(1) : name.substr(1, end - 2);
}

/// The first `<` outside quotes, or, when a quote never closes, the first at all.
std::size_t bracket(std::string_view value) noexcept {
  const std::size_t at = find_unquoted(value, "<");
  if (at != std::string_view::npos || !value.starts_with('"')) return at;
  return quoted_end(value, 0) == std::string_view::npos ? value.find('<') : at;
}

std::string_view behind_semicolon(std::string_view text) noexcept {
  const std::size_t at = text.find(';');
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
}

}  // namespace

std::optional<NameAddress> parse_name_address(std::string_view value) noexcept {
  value = trim(value);
  NameAddress address;
  const std::size_t open = bracket(value);
  if (open == std::string_view::npos) {
    address.uri_text = trim(value.substr(0, value.find(';')));
    address.parameters = behind_semicolon(value);
  } else {
    address.display_name = without_quotes(trim(value.substr(0, open)));
    const std::string_view rest = value.substr(open + 1);
    const std::size_t close = rest.find('>');
    address.uri_text = trim(rest.substr(0, close));
    if (close != std::string_view::npos) address.parameters = behind_semicolon(rest.substr(close + 1));
  }
  if (address.uri_text.empty() && address.display_name.empty()) return std::nullopt;
  address.uri = parse_uri(address.uri_text);
  return address;
}

std::string plain_display_name(std::string_view display_name) {
  std::string plain;
  plain.reserve(display_name.size());
  for (std::size_t at = 0; at < display_name.size(); ++at) {
    char c = display_name[at];
    if (c == '\\' && at + 1 < display_name.size()) c = display_name[++at];
    if (c == '\t') c = ' ';
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x20 && code != 0x7f) plain += c;
  }
  return plain;
}

}  // namespace tapestry::sip
