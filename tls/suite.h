#pragma once
#include <cstdint>
#include <optional>

#include "tls/crypto.h"

namespace tapestry::tls {

inline constexpr std::uint16_t kTls12 = 0x0303;
inline constexpr std::uint16_t kTls13 = 0x0304;

/// What a cipher suite encrypts with.
enum class SuiteKind : std::uint8_t { Aead, Cbc, Other };

/// A cipher suite as the IANA registers it.
struct Suite {
  SuiteKind kind = SuiteKind::Other;  ///< Other: also suites that Tapestry does not know, and AES in CCM mode
  Cipher cipher = Cipher::Aes128Gcm;  ///< with Aead only
  Digest digest = Digest::Sha256;     ///< of TLS 1.2's PRF and of TLS 1.3's HKDF; right for each kind
};

/// TLS 1.2 (RFC 5246, 5288, 5289, 7905) and TLS 1.3 (RFC 8446 §B.4).
[[nodiscard]] Suite suite_of(std::uint16_t number) noexcept;

}  // namespace tapestry::tls
