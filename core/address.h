#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace tapestry {

/// An IPv4 or IPv6 address; IPv4 is held as ::ffff:a.b.c.d, so both compare and hash alike.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};

  /// `bytes` of 4 or 16 octets in network order; any other length gives the unspecified address.
  static IpAddress from_bytes(Bytes bytes) noexcept;
  /// `192.0.2.1`, `2001:db8::1`, `[2001:db8::1]`; nothing when the text is no address (a host name, for one).
  static std::optional<IpAddress> parse(std::string_view text) noexcept;

  [[nodiscard]] bool is_v4() const noexcept;
  /// 0.0.0.0 or ::
  [[nodiscard]] bool is_unspecified() const noexcept;
  /// RFC 1918, RFC 6598, RFC 4193, link-local and loopback addresses: hosts inside a site.
  [[nodiscard]] bool is_private() const noexcept;
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

/// An address with a UDP or TCP port.
struct Endpoint {
  IpAddress ip;
  std::uint16_t port = 0;

  /// `192.0.2.1:5060`, `[2001:db8::1]:5060`
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// An address range in CIDR notation (RFC 4632, RFC 4291 §2.3).
struct Cidr {
  IpAddress base;
  unsigned prefix = 0;  ///< bits of the 128-bit form: an IPv4 /16 is 112

  /// `10.1.0.0/16`, `2001:db8::/32`, or one address; nothing when the text is none.
  static std::optional<Cidr> parse(std::string_view text) noexcept;
  [[nodiscard]] bool contains(const IpAddress& ip) const noexcept;
};

/// Hashes for tables keyed by what the wire says; seeded once per process so that nobody outside can aim for
/// collisions.
struct AddressHash {
  std::size_t operator()(const IpAddress& ip) const noexcept;
  std::size_t operator()(const Endpoint& endpoint) const noexcept;
};

}  // namespace tapestry
