#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "vconout/keys.h"

namespace tapestry::vconout {

/// A private key with its certificate chain; signs as JWS General JSON Serialization (RFC 7515 §7.2.1, vcon-core-04
/// §5.2). sign() may be called from any thread.
class Signer {
 public:
  /// PEM files; `chain` may be empty, and so may hold what follows the leaf in `certificate`. Throws std::runtime_error
  /// that names the file when one cannot be read, the key does not fit the certificate, a certificate did not issue the
  /// one before it, or the key is neither RSA of at least 2048 bits (RS256) nor P-256 (ES256).
  Signer(const std::filesystem::path& key, const std::filesystem::path& certificate,
         const std::filesystem::path& chain);
  ~Signer();
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;

  /// The signed form: protected {"alg"}, header {"x5c","uuid"}. `payload` is the unsigned vCon's bytes, carried as they
  /// are. The same bytes each time with RS256; ES256 signatures are random.
  [[nodiscard]] std::string sign(std::string_view payload, std::string_view uuid) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::vconout
