#include "sipparse/user_to_user.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/bytes.h"
#include "sipparse/address.h"
#include "sipparse/parameters.h"
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

std::string without_quotes(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  return plain_display_name(text.substr(1, text.size() - 2));
}

/// Seen in the field: a header whose semicolons are still escaped, as they were in the URI that it came from.
bool is_escaped(std::string_view value) noexcept {
  return !value.contains(';') && (value.contains("%3B") || value.contains("%3b"));
}

}  // namespace

std::vector<UserToUser> parse_user_to_user(std::string_view value) {
  std::string plain;
  if (is_escaped(value)) value = plain = unescape(value);
  std::vector<UserToUser> values;
  for (const std::string_view one : split_list(value, kMaxUserToUser)) {
    const std::size_t end = std::min(find_unquoted(one, ";"), one.size());
    const std::string_view parameters = end < one.size() ? one.substr(end + 1) : std::string_view{};
    const auto read = [&](std::string_view name) { return std::string(parameter(parameters, name).value_or("")); };
    UserToUser read_value{without_quotes(trim(one.substr(0, end))), read("encoding"), read("purpose"), read("content")};
    if (!read_value.data.empty()) values.push_back(std::move(read_value));
  }
  return values;
}

std::optional<std::string> ucid_of(const UserToUser& value) {
  const std::vector<std::uint8_t> octets = hex_octets(value.data);
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
