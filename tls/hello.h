#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "core/bytes.h"

namespace tapestry::tls {

/// ClientHello.random or ServerHello.random (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2).
using Random = std::array<std::uint8_t, 32>;

inline constexpr std::uint8_t kClientHello = 1;  ///< HandshakeType
inline constexpr std::uint8_t kServerHello = 2;
inline constexpr std::size_t kMaxHello = 16U << 10U;  ///< a longer hello is none

/// What a ServerHello (or HelloRetryRequest) chose.
struct ServerHello {
  Random random{};
  std::uint16_t version = 0;  ///< kTls12, kTls13, others; DTLS: 0xFEFD, 0xFEFC
  std::uint16_t suite = 0;
  std::optional<std::uint16_t> srtp_profile{};  ///< use_srtp (RFC 5764 §4.1.1), DTLS 1.2 only
  Bytes mki{};                                  ///< its srtp_mki: a view into what was parsed
};

/// Reads the body of a ClientHello, of TLS or DTLS, as far as its random; nothing when it is cut before.
[[nodiscard]] std::optional<Random> parse_client_hello(Bytes body) noexcept;
/// Reads the whole body of a ServerHello, of TLS or DTLS; nothing when it is malformed.
[[nodiscard]] std::optional<ServerHello> parse_server_hello(Bytes body) noexcept;

}  // namespace tapestry::tls
