#include "tests/support/srtp_sender.h"

#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tapestry::testing {
namespace {

struct Suite {
  std::string_view profile;
  std::size_t secret;
  void (*set)(srtp_crypto_policy_t*);
};
constexpr std::array kSuites{Suite{"AES_CM_128_HMAC_SHA1_80", 30, srtp_crypto_policy_set_rtp_default},
                             Suite{"AES_CM_128_HMAC_SHA1_32", 30, srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32},
                             Suite{"AES_192_CM_HMAC_SHA1_80", 38, srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80},
                             Suite{"AES_192_CM_HMAC_SHA1_32", 38, srtp_crypto_policy_set_aes_cm_192_hmac_sha1_32},
                             Suite{"AES_256_CM_HMAC_SHA1_80", 46, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
                             Suite{"AES_256_CM_HMAC_SHA1_32", 46, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32},
                             Suite{"AEAD_AES_128_GCM", 28, srtp_crypto_policy_set_aes_gcm_128_16_auth},
                             Suite{"AEAD_AES_256_GCM", 44, srtp_crypto_policy_set_aes_gcm_256_16_auth}};

const Suite& suite_of(std::string_view profile) {
  const auto* const found = std::ranges::find(kSuites, profile, &Suite::profile);
  if (found == kSuites.end()) throw std::invalid_argument("no such SRTP profile");
  return *found;
}

void require(srtp_err_status_t status) {
  if (status != srtp_err_status_ok) throw std::runtime_error("libsrtp: " + std::to_string(status));
}

}  // namespace

struct SrtpSender::State {
  srtp_t context = nullptr;
  bool mki = false;
  ~State() {
    if (context != nullptr) (void)srtp_dealloc(context);
  }
};

SrtpSender::SrtpSender(std::string_view profile, Bytes secret, Bytes mki) : state_(std::make_unique<State>()) {
  // Fails when mux was first.
  [[maybe_unused]] static const srtp_err_status_t status = srtp_init();
  Buffer key(secret.begin(), secret.end());
  if (key.size() != suite_of(profile).secret) throw std::invalid_argument("an SRTP key of another length");
  Buffer id(mki.begin(), mki.end());
  srtp_master_key_t master{.key = key.data(), .mki_id = id.data(), .mki_size = static_cast<unsigned>(id.size())};
  std::array<srtp_master_key_t*, 1> masters{&master};
  srtp_policy_t policy{};
  policy.ssrc = {ssrc_any_outbound, 0};
  suite_of(profile).set(&policy.rtp);
  suite_of(profile).set(&policy.rtcp);
  policy.keys = masters.data();
  policy.num_master_keys = masters.size();
  policy.window_size = 1024;
  require(srtp_create(&state_->context, &policy));
  state_->mki = !id.empty();
}

SrtpSender::SrtpSender(SrtpSender&&) noexcept = default;
SrtpSender::~SrtpSender() = default;

Buffer SrtpSender::protect(Bytes packet) {
  Buffer bytes(packet.begin(), packet.end());
  int length = static_cast<int>(bytes.size());
  bytes.resize(bytes.size() + SRTP_MAX_TRAILER_LEN);
  require(srtp_protect_mki(state_->context, bytes.data(), &length, state_->mki ? 1 : 0, 0));
  bytes.resize(static_cast<std::size_t>(length));
  return bytes;
}

void SrtpSender::roll_over(std::uint32_t ssrc, unsigned times) {
  for (unsigned n = 0; n < times; ++n) {
    for (const unsigned sequence : {1U, 30'000U, 60'000U}) {
      (void)protect(rtp_packet(0, static_cast<std::uint16_t>(sequence), 0, ssrc, false, {}));
    }
  }
}

std::size_t secret_bytes(std::string_view profile) { return suite_of(profile).secret; }

}  // namespace tapestry::testing
