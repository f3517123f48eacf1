#include "tls/hello.h"

#include <algorithm>

namespace tapestry::tls {
namespace {

constexpr std::uint16_t kUseSrtp = 14;            // RFC 5764 §9
constexpr std::uint16_t kSupportedVersions = 43;  // RFC 8446 §4.2.1

Random take_random(Cursor& cursor) noexcept {
  Random random{};
  std::ranges::copy(cursor.take(random.size()), random.begin());
  return random;
}

/// False when malformed.
bool read_extension(std::uint16_t type, Bytes data, ServerHello& hello) noexcept {
  Cursor cursor(data);
  if (type == kSupportedVersions) {
    hello.version = cursor.u16();
  } else if (type == kUseSrtp) {
    const bool one = cursor.u16() == 2;
    hello.srtp_profile = cursor.u16();
    hello.mki = cursor.take(cursor.u8());
    return cursor.ok() && one && cursor.left() == 0;
  }
  return cursor.ok();
}

}  // namespace

std::optional<Random> parse_client_hello(Bytes body) noexcept {
  Cursor cursor(body);
  cursor.skip(2);
  const Random random = take_random(cursor);
  return cursor.ok() ? std::optional(random) : std::nullopt;
}

std::optional<ServerHello> parse_server_hello(Bytes body) noexcept {
  Cursor cursor(body);
  ServerHello hello;
  hello.version = cursor.u16();
  hello.random = take_random(cursor);
  cursor.skip(cursor.u8());  // session
  hello.suite = cursor.u16();
  cursor.skip(1);  // compression
  if (!cursor.ok()) return std::nullopt;
  if (cursor.left() == 0) return hello;  // RFC 5246 §7.4.1.3: extensions may be absent
  const std::size_t length = cursor.u16();
  Cursor extensions(cursor.take(length));
  if (!cursor.ok() || cursor.left() != 0) return std::nullopt;
  while (extensions.left() > 0) {
    const std::uint16_t type = extensions.u16();
    const Bytes data = extensions.take(extensions.u16());
    if (!extensions.ok() || !read_extension(type, data, hello)) return std::nullopt;
  }
  return hello;
}

}  // namespace tapestry::tls
