#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/secret.h"
#include "tls/crypto.h"
#include "tls/hello.h"
#include "tls/record.h"
#include "tls/suite.h"

namespace tapestry::tls {

/// What was in a record. `content` is valid until the same keys open the next one.
struct Plain {
  std::uint8_t type = 0;  ///< ContentType; TLS 1.3: the inner one
  Bytes content;
};

/// The keys that one end writes its records with: an AEAD, its nonce, and in TLS 1.3 the secret of the next keys.
class RecordKeys {
 public:
  /// TLS 1.3 (RFC 8446 §7.3). `suite.kind` is Aead.
  RecordKeys(const Suite& suite, const Secret& traffic_secret);
  /// TLS 1.2 (RFC 5246 §6.3): the client's and the server's. `suite.kind` is Aead.
  static std::pair<RecordKeys, RecordKeys> of_master_secret(const Suite& suite, const Secret& master_secret,
                                                            const Random& client_random, const Random& server_random);

  /// Opens a record that has this sequence number. Nothing when its tag does not fit.
  std::optional<Plain> open(const RecordHeader& header, Bytes body, std::uint64_t sequence);
  /// Whether a KeyUpdate can come (TLS 1.3).
  [[nodiscard]] bool can_update() const noexcept { return !secret_.empty(); }
  /// The keys after a KeyUpdate (RFC 8446 §7.2). Call only while can_update().
  [[nodiscard]] RecordKeys updated() const;

 private:
  RecordKeys(const Suite& suite, Bytes key, Bytes fixed_nonce);

  std::optional<Plain> open12(const RecordHeader& header, Bytes body, std::uint64_t sequence);
  std::optional<Plain> open13(const RecordHeader& header, Bytes body, std::uint64_t sequence);
  [[nodiscard]] std::array<std::uint8_t, kNonceSize> nonce(std::uint64_t sequence) const noexcept;

  Suite suite_;
  Aead aead_;
  Secret fixed_nonce_;  ///< 12 octets; 4 of them with AES-GCM in TLS 1.2 (RFC 5288 §3)
  Secret secret_;       ///< of TLS 1.3, else empty
  std::vector<std::uint8_t> plain_;
};

}  // namespace tapestry::tls
