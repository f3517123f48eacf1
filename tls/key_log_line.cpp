#include "tls/key_log_line.h"

#include <algorithm>
#include <array>
#include <span>

namespace tapestry::tls {
namespace {

constexpr std::size_t kMasterSecret = 48;  // RFC 5246 §8.1

std::optional<KeyLabel> label_of(std::string_view word) noexcept {
  if (word == "CLIENT_RANDOM") return KeyLabel::MasterSecret;
  if (word == "CLIENT_TRAFFIC_SECRET_0") return KeyLabel::ClientTraffic0;
  if (word == "SERVER_TRAFFIC_SECRET_0") return KeyLabel::ServerTraffic0;
  return std::nullopt;
}

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Fills `out` from twice as many hexadecimal digits; false when they are others.
bool read_hex(std::string_view digits, std::span<std::uint8_t> out) noexcept {
  if (digits.size() != 2 * out.size()) return false;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const int high = digit_of(digits[2 * n]);
    const int low = digit_of(digits[2 * n + 1]);
    if (high < 0 || low < 0) return false;
    out[n] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

std::string_view take_word(std::string_view& rest) noexcept {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

bool is_size(KeyLabel label, std::size_t size) noexcept {
  return label == KeyLabel::MasterSecret ? size == kMasterSecret : size == 32 || size == 48;  // SHA-256, SHA-384
}

}  // namespace

LineKind parse_key_log_line(std::string_view line, KeyLogLine& out) noexcept {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  if (line.empty() || line.front() == '#') return LineKind::Unused;
  const auto label = label_of(take_word(line));
  if (!label) return LineKind::Unused;
  const std::string_view random = take_word(line);
  const std::size_t size = line.size() / 2;
  if (!is_size(*label, size) || !read_hex(random, out.client_random)) return LineKind::Malformed;
  std::array<std::uint8_t, kMasterSecret> buffer{};
  const auto octets = std::span(buffer).first(size);
  const bool good = read_hex(line, octets);
  out.label = *label;
  out.secret = Secret(octets);
  wipe(octets);
  return good ? LineKind::Secret : LineKind::Malformed;
}

}  // namespace tapestry::tls
