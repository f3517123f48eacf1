#include "calls/srtp_keys.h"

#include <algorithm>
#include <array>

#include "sipparse/text.h"

namespace tapestry::calls {
namespace {

struct Name {
  std::string_view name;
  SrtpProfile profile;
};

constexpr SrtpProfile kCm128Tag80{"AES_CM_128_HMAC_SHA1_80", 30};
constexpr SrtpProfile kCm128Tag32{"AES_CM_128_HMAC_SHA1_32", 30};
constexpr SrtpProfile kCm192Tag80{"AES_192_CM_HMAC_SHA1_80", 38};
constexpr SrtpProfile kCm192Tag32{"AES_192_CM_HMAC_SHA1_32", 38};
constexpr SrtpProfile kCm256Tag80{"AES_256_CM_HMAC_SHA1_80", 46};
constexpr SrtpProfile kCm256Tag32{"AES_256_CM_HMAC_SHA1_32", 46};
constexpr SrtpProfile kGcm128{"AEAD_AES_128_GCM", 28};
constexpr SrtpProfile kGcm256{"AEAD_AES_256_GCM", 44};

constexpr std::array kNames{Name{kCm128Tag80.name, kCm128Tag80},
                            Name{kCm128Tag32.name, kCm128Tag32},
                            Name{kCm192Tag80.name, kCm192Tag80},
                            Name{kCm192Tag32.name, kCm192Tag32},
                            Name{kCm256Tag80.name, kCm256Tag80},
                            Name{kCm256Tag32.name, kCm256Tag32},
                            Name{kGcm128.name, kGcm128},
                            Name{kGcm256.name, kGcm256},
                            Name{"AES_CM_192_HMAC_SHA1_80", kCm192Tag80},
                            Name{"AES_CM_192_HMAC_SHA1_32", kCm192Tag32},
                            Name{"AES_CM_256_HMAC_SHA1_80", kCm256Tag80},
                            Name{"AES_CM_256_HMAC_SHA1_32", kCm256Tag32}};

}  // namespace

std::optional<SrtpProfile> srtp_profile(std::string_view name) noexcept {
  const auto* const found =
      std::ranges::find_if(kNames, [name](const Name& one) { return sip::equals_ignore_case(one.name, name); });
  return found == kNames.end() ? std::nullopt : std::optional(found->profile);
}

}  // namespace tapestry::calls
