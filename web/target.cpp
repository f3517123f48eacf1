#include "web/target.h"

#include <algorithm>
#include <charconv>

namespace tapestry::web {
namespace {

bool is_plain(char c) noexcept { return c > ' ' && c < '\x7f' && c != '#'; }

std::optional<char> octet_of(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.size() != 2) return std::nullopt;
  if (value < 0x20 || value == 0x7f) return std::nullopt;
  return static_cast<char>(static_cast<unsigned char>(value));
}

std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    const auto octet = octet_of(text.substr(at + 1, 2));
    if (!octet) return std::nullopt;
    decoded += *octet;
    at += 2;
  }
  return decoded;
}

bool read_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals));
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value || target.query.size() == kMostParameters) return false;
    if (!target.query.emplace(std::move(*name), std::move(*value)).second) return false;
  }
  return true;
}

/// RFC 9112 §3.2.2: what stands before the path says nothing that a server without virtual hosts needs.
std::string_view without_authority(std::string_view text) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    return text.substr(std::min(text.find('/'), text.size()));
  }
  return text;
}

}  // namespace

std::string_view without_query(std::string_view text) noexcept { return text.substr(0, text.find('?')); }

std::optional<Target> parse_target(std::string_view text) {
  if (text.size() > kMostTarget || !std::ranges::all_of(text, is_plain)) return std::nullopt;
  text = without_authority(text);
  if (!text.starts_with('/')) return std::nullopt;
  const std::string_view path = without_query(text);
  auto decoded = decode(path);
  if (!decoded) return std::nullopt;
  Target target{.path = std::move(*decoded), .query = {}};
  if (!read_query(text.substr(std::min(path.size() + 1, text.size())), target)) return std::nullopt;
  return target;
}

}  // namespace tapestry::web
