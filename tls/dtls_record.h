#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.h"

namespace tapestry::tls {

/// A DTLS record (RFC 6347 §4.1). `body` is a view.
struct DtlsRecord {
  std::uint8_t type = 0;    ///< ContentType
  std::uint16_t epoch = 0;  ///< 0: in the clear
  Bytes body;
};

/// Takes the first record off a datagram, or off what is left of one; nothing when none begins so.
[[nodiscard]] std::optional<DtlsRecord> take_dtls_record(Bytes& rest) noexcept;

/// Whether a datagram may be DTLS's among a call's media (RFC 7983 §7): by its first octet.
[[nodiscard]] constexpr bool may_be_dtls(Bytes datagram) noexcept {
  return !datagram.empty() && datagram.front() >= 20 && datagram.front() <= 63;
}

/// A part of a handshake message (RFC 6347 §4.2.2). `body` is a view.
struct DtlsFragment {
  std::uint8_t type = 0;       ///< HandshakeType
  std::size_t length = 0;      ///< of the whole message
  std::uint16_t sequence = 0;  ///< message_seq
  std::size_t offset = 0;      ///< where `body` belongs; it ends within `length`
  Bytes body;
};

/// Takes the first fragment off the body of a handshake record; nothing when none begins so.
[[nodiscard]] std::optional<DtlsFragment> take_dtls_fragment(Bytes& rest) noexcept;

}  // namespace tapestry::tls
