#include "sipparse/key_params.h"

#include <array>
#include <optional>

#include "sipparse/base64.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

Secret decode(std::string_view text) noexcept {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::array<std::uint8_t, Secret::kMostBytes> bytes{};
  std::size_t used = 0;
  std::uint32_t held = 0;
  unsigned bits = 0;
  bool good = text.size() % 4 != 1 && text.size() * 3 / 4 <= bytes.size();
  for (std::size_t n = 0; good && n < text.size(); ++n) {
    const auto digit = base64_digit(text[n]);
    good = digit.has_value();
    held = (held << 6U | digit.value_or(0)) & 0x3fffU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[used++] = static_cast<std::uint8_t>(held >> bits & 0xffU);
    }
  }
  const Secret secret(good ? Bytes(bytes).first(used) : Bytes());
  wipe(bytes);
  return secret;
}

/// `1:4`: value and octets.
std::optional<std::vector<std::uint8_t>> read_mki(std::string_view field) {
  const auto value = parse_number<std::uint64_t>(take_until(field, ':'));
  const auto octets = parse_number<std::uint32_t>(field);
  if (!value || !octets || *octets == 0 || *octets > kMostMkiBytes) return std::nullopt;
  if (*octets < sizeof *value && *value >> 8 * *octets != 0) return std::nullopt;
  std::vector<std::uint8_t> mki(*octets);
  std::uint64_t rest = *value;
  for (std::size_t n = mki.size(); n > 0 && rest != 0; --n, rest >>= 8U) mki[n - 1] = rest & 0xffU;
  return mki;
}

std::optional<InlineKey> read_key(std::string_view text) {
  if (!equals_ignore_case(take_until(text, ':'), "inline")) return std::nullopt;
  InlineKey key{.key_salt = decode(trim(take_until(text, '|'))), .mki = {}};
  if (key.key_salt.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::string_view field = trim(take_until(text, '|'));
    if (!field.contains(':')) continue;
    auto mki = read_mki(field);
    if (!mki) return std::nullopt;
    key.mki = std::move(*mki);
  }
  return key;
}

}  // namespace

std::vector<InlineKey> parse_key_params(std::string_view text) {
  std::vector<InlineKey> keys;
  while (!text.empty() && keys.size() < kMaxInlineKeys) {
    if (auto key = read_key(trim(take_until(text, ';')))) keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace tapestry::sip
