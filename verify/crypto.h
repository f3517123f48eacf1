#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::verify {

/// The certificates of one x5c (RFC 7515 §4.1.6), leaf first.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(Certificates&&) noexcept;
  Certificates& operator=(Certificates&&) noexcept;

  /// Appends one certificate; false when `der` is none.
  bool add(std::string_view der);

  /// Why `signature` over `message` is not that of the leaf's key under RS256, PS256 or ES256 (RFC 7518 §3); nothing
  /// when it is.
  [[nodiscard]] std::optional<std::string> signature_fault(std::string_view alg, std::string_view message,
                                                           std::string_view signature) const;

  /// Why the leaf does not chain up to a root in the PEM file `ca` now, by any purpose, with the other certificates as
  /// untrusted links; nothing when it does. Throws std::runtime_error when `ca` cannot be read.
  [[nodiscard]] std::optional<std::string> chain_fault(const std::filesystem::path& ca) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of a text, 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view text);

/// SHA-512 of a file's bytes; nothing when it cannot be read.
[[nodiscard]] std::optional<std::string> sha512_of(const std::filesystem::path& path);

}  // namespace tapestry::verify
