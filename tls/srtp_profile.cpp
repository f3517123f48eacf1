#include "tls/srtp_profile.h"

#include <algorithm>
#include <array>

namespace tapestry::tls {
namespace {

constexpr std::array kProfiles{
    SrtpProfile{0x0001, "AES_CM_128_HMAC_SHA1_80", 16, 14},
    SrtpProfile{0x0002, "AES_CM_128_HMAC_SHA1_32", 16, 14},
    SrtpProfile{0x0007, "AEAD_AES_128_GCM", 16, 12},
    SrtpProfile{0x0008, "AEAD_AES_256_GCM", 32, 12},
};

}  // namespace

std::optional<SrtpProfile> srtp_profile(std::uint16_t number) noexcept {
  const auto found = std::ranges::find(kProfiles, number, &SrtpProfile::number);
  return found == kProfiles.end() ? std::nullopt : std::optional(*found);
}

}  // namespace tapestry::tls
