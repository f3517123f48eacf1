#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"
#include "core/time.h"

namespace tapestry::calls {

/// What one end may protect its media with. A candidate: which one is in use, only authentication tells.
struct SrtpKey {
  Time since{};                     ///< of the message that told it
  std::string profile{};            ///< an SrtpProfile's name
  Secret secret{};                  ///< master key, then master salt: never for any output
  std::vector<std::uint8_t> mki{};  ///< what each packet carries beside its tag (RFC 3711 §3.1); usually empty
  bool encrypts = true;             ///< false: authenticated only, UNENCRYPTED_SRTP (RFC 4568 §6.3.2)
};

/// How many of one end's keys are kept for one track; of more the first are forgotten.
inline constexpr std::size_t kMaxSrtpKeys = 64;

/// An SRTP protection profile that can be taken off.
struct SrtpProfile {
  std::string_view name;   ///< as registered for SDP: `AES_CM_128_HMAC_SHA1_80`
  std::size_t secret = 0;  ///< octets of master key and master salt together
};

/// By the name that an a=crypto line has (RFC 4568 §6.2, RFC 6188, RFC 7714; also those of their drafts), without
/// regard to case. Nothing when it cannot be taken off.
std::optional<SrtpProfile> srtp_profile(std::string_view name) noexcept;

}  // namespace tapestry::calls
