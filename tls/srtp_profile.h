#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace tapestry::tls {

/// An SRTP protection profile of DTLS-SRTP (RFC 5764 §4.1.2, RFC 7714 §14.2).
struct SrtpProfile {
  std::uint16_t number = 0;
  std::string_view name;  ///< as an a=crypto line has it: `AES_CM_128_HMAC_SHA1_80`
  std::size_t key = 0;    ///< octets of the master key
  std::size_t salt = 0;   ///< octets of the master salt
};

/// Nothing for those that do not encrypt or that nobody knows.
[[nodiscard]] std::optional<SrtpProfile> srtp_profile(std::uint16_t number) noexcept;

}  // namespace tapestry::tls
