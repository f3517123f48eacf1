#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::vconout::test {

/// What a reader makes of a signed vCon, by OpenSSL's API.
struct ReadJws {
  std::string payload;
  std::string algorithm;
  std::string uuid;
  std::size_t certificates = 0;
  bool verified = false;
};
ReadJws read_jws(std::string_view text);

/// True when the certificate in `leaf` verifies against `ca`; both PEM.
bool chain_verifies(const std::string& leaf, const std::string& ca);

/// The certificate as `openssl x509 -text` shows it.
std::string certificate_text(const std::string& pem);

}  // namespace tapestry::vconout::test
