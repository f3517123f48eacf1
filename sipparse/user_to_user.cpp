#include "sipparse/user_to_user.h"

#include <fmt/format.h>

#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "sipparse/text.h"
#include "sipparse/uri.h"

namespace tapestry::sip {
namespace {

constexpr std::uint8_t kUcidType = 0xfa;
constexpr std::size_t kUcidOctets = 8;
constexpr std::size_t kMaxOctets = 256;

std::optional<std::uint8_t> hex_octet(std::string_view text) noexcept {
  if (text.size() < 2 || !is_hex(text[0]) || !is_hex(text[1])) return std::nullopt;
  const auto digit = [](char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; };
  return static_cast<std::uint8_t>(digit(text[0]) * 16 + digit(text[1]));
}

/// Empty when the text is not hexadecimal throughout.
std::vector<std::uint8_t> hex_octets(std::string_view text) {
  std::vector<std::uint8_t> octets;
  if (text.size() % 2 != 0 || text.size() > 2 * kMaxOctets) return octets;
  for (; !text.empty(); text.remove_prefix(2)) {
    const auto octet = hex_octet(text);
    if (!octet) return {};
    octets.push_back(*octet);
  }
  return octets;
}

}  // namespace

std::optional<std::string> ucid_of(std::string_view value) {
  const std::string plain = unescape(value);
  std::string_view data = trim(std::string_view(plain).substr(0, plain.find(';')));
  if (data.size() >= 2 && data.front() == '"' && data.back() == '"') data = data.substr(1, data.size() - 2);
  const std::vector<std::uint8_t> octets = hex_octets(data);
  Cursor cursor{Bytes(octets)};
  const std::uint8_t discriminator = cursor.u8();
  if (discriminator != 0x00 && discriminator != 0x04) return std::nullopt;
  while (cursor.ok() && cursor.left() >= 2) {
    const std::uint8_t type = cursor.u8();
    const std::uint8_t length = cursor.u8();
    if (type != kUcidType || length != kUcidOctets) {
      cursor.skip(length);
      continue;
    }
    const std::uint16_t node = cursor.u16();
    const std::uint16_t sequence = cursor.u16();
    const std::uint32_t time = cursor.u32();
    if (!cursor.ok()) break;
    return fmt::format("{:05}{:05}{:010}", node, sequence, time);
  }
  return std::nullopt;
}

}  // namespace tapestry::sip
