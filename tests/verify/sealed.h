#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::verify {

enum class KeyKind { P256, P384, Rsa2048, Rsa1024 };

/// A key with its certificate, made for a test.
class Identity {
 public:
  /// Signed by `issuer`, or by itself when that is null; `is_ca` sets basicConstraints. Valid from `days_from` to
  /// `days_to` from now.
  Identity(KeyKind kind, const Identity* issuer, bool is_ca, int days_from = -1, int days_to = 30);

  [[nodiscard]] std::string der() const;
  [[nodiscard]] std::string pem() const;
  /// RS256, PS256 or ES256 as in RFC 7518.
  [[nodiscard]] std::string sign(std::string_view alg, std::string_view message) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
};

/// A root and a P-256 leaf, made once per test program.
const Identity& test_root();
const Identity& test_leaf();

[[nodiscard]] std::string base64url(std::string_view bytes);
[[nodiscard]] std::string base64(std::string_view bytes);

/// The JWS of `payload` by `leaf`, with `chain` behind it in x5c; `protected_header` and `header` are merged over the
/// usual ones.
[[nodiscard]] nlohmann::json seal(const std::string& payload, const Identity& leaf = test_leaf(),
                                  std::string_view alg = "ES256", const std::vector<const Identity*>& chain = {},
                                  const nlohmann::json& protected_header = nlohmann::json::object(),
                                  const nlohmann::json& header = nlohmann::json::object());

/// An unsigned vCon without a fault, with every kind of object; its media is never there.
[[nodiscard]] nlohmann::json good_vcon();

/// Whether one of `faults` contains `words`.
[[nodiscard]] bool tells(const std::vector<std::string>& faults, std::string_view words);

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Writes a file below the folder, makes its folders, gives its path.
  std::filesystem::path write(const std::filesystem::path& name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace tapestry::verify
