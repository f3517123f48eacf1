#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::vconout {

/// A private key with its certificate chain; signs as JWS General JSON Serialization (RFC 7515 §7.2.1, vcon-core-04 §5.2).
/// sign() may be called from any thread.
class Signer {
 public:
  /// PEM files; `chain` may be empty. Throws std::runtime_error when one cannot be read, the key does not fit the certificate, or
  /// it is neither RSA of at least 2048 bits (RS256) nor P-256 (ES256).
  Signer(const std::filesystem::path& key, const std::filesystem::path& certificate, const std::filesystem::path& chain);
  ~Signer();
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;

  /// The signed form: protected {"alg"}, header {"x5c","uuid"}. `payload` is the unsigned vCon's bytes, carried as they are.
  [[nodiscard]] std::string sign(std::string_view payload, std::string_view uuid) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Files of a trial identity below `folder`: ca.pem, certificate.pem, key.pem (mode 0600), ca-key.pem (0600).
struct KeyFiles {
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
};
KeyFiles key_files(const std::filesystem::path& folder);

/// Makes a trial CA and a signing certificate for `host` (X.509 v3, subjectAltName, RSA 3072 or P-256 with `es256`, 825 days).
/// Never overwrites: throws std::runtime_error when one of the files is there. Files appear whole or not at all.
KeyFiles make_trial_keys(const std::filesystem::path& folder, const std::string& host, bool es256);

}  // namespace tapestry::vconout
