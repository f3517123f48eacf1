#include "vconout/base64.h"

#include <cstdint>
#include <string_view>

namespace tapestry::vconout {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(Bytes bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8U | byte) & 0xffffU;
    held += 8;
    while (held >= 6) {
      held -= 6;
      text += alphabet[bits >> held & 0x3fU];
    }
  }
  if (held > 0) text += alphabet[bits << (6 - held) & 0x3fU];
  return text;
}

}  // namespace

std::string base64(Bytes bytes) {
  std::string text = encode(bytes, kStandard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string base64url(Bytes bytes) { return encode(bytes, kUrl); }

}  // namespace tapestry::vconout
