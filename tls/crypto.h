#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/bytes.h"

// What TLS needs of a cryptographic library; OpenSSL, in crypto.cpp only. Everything here throws std::runtime_error
// when the library itself fails (no memory, an algorithm that its configuration forbids), never for what was captured.
namespace tapestry::tls {

enum class Digest : std::uint8_t { Sha256, Sha384 };
/// Octets of its output.
constexpr std::size_t size_of(Digest digest) noexcept { return digest == Digest::Sha256 ? 32 : 48; }

enum class Cipher : std::uint8_t { Aes128Gcm, Aes256Gcm, ChaCha20Poly1305 };
/// Octets of its key.
constexpr std::size_t key_size(Cipher cipher) noexcept { return cipher == Cipher::Aes128Gcm ? 16 : 32; }
inline constexpr std::size_t kNonceSize = 12;  ///< of all three
inline constexpr std::size_t kTagSize = 16;    ///< of all three

/// The pseudo-random function of TLS 1.2 (RFC 5246 §5) over label, `first` and `second`; fills `out`.
void prf(Digest digest, Bytes secret, std::string_view label, Bytes first, Bytes second, std::span<std::uint8_t> out);

/// HKDF-Expand-Label of TLS 1.3 (RFC 8446 §7.1) with an empty context; fills `out`. `label` without `tls13 `.
void expand_label(Digest digest, Bytes secret, std::string_view label, std::span<std::uint8_t> out);

/// An AEAD with its key (RFC 5116), for opening only.
class Aead {
 public:
  /// `key` has key_size(cipher) octets.
  Aead(Cipher cipher, Bytes key);
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;
  ~Aead();

  /// Opens `sealed` (ciphertext and tag, at least kTagSize) into `plain` (kTagSize shorter). False, with `plain` wiped,
  /// when the tag does not fit. `nonce` has kNonceSize octets.
  [[nodiscard]] bool open(Bytes nonce, Bytes associated, Bytes sealed, std::span<std::uint8_t> plain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::tls
