#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "mux/srtp_session.h"

namespace tapestry::mux {
namespace {

using calls::SrtpKey;

constexpr unsigned long kWindow = 1024;  ///< packets by which one may come late

/// Fails when the library is ready already; when it is not afterwards, no session can be made.
void make_library_ready() { [[maybe_unused]] static const srtp_err_status_t status = srtp_init(); }

struct Suite {
  std::string_view profile;
  void (*set)(srtp_crypto_policy_t*);
};
constexpr std::array kSuites{Suite{"AES_CM_128_HMAC_SHA1_80", srtp_crypto_policy_set_rtp_default},
                             Suite{"AES_CM_128_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32},
                             Suite{"AES_192_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80},
                             Suite{"AES_192_CM_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_192_hmac_sha1_32},
                             Suite{"AES_256_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
                             Suite{"AES_256_CM_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32},
                             Suite{"AEAD_AES_128_GCM", srtp_crypto_policy_set_aes_gcm_128_16_auth},
                             Suite{"AEAD_AES_256_GCM", srtp_crypto_policy_set_aes_gcm_256_16_auth}};

class LibsrtpSession final : public SrtpSession {
 public:
  LibsrtpSession(srtp_t context, std::uint32_t ssrc, std::size_t mki, std::size_t trailer)
      : context_(context), ssrc_(ssrc), mki_(mki), trailer_(trailer) {}

  Outcome unprotect(std::uint8_t* packet, std::size_t header, std::size_t& length) override {
    // libsrtp counts back from the end without looking.
    if (length < header + trailer_) return Outcome::Refused;
    int octets = static_cast<int>(length);
    const srtp_err_status_t status = srtp_unprotect_mki(context_.get(), packet, &octets, mki_ > 0 ? 1 : 0);
    if (status == srtp_err_status_replay_fail) return Outcome::Repeated;
    if (status != srtp_err_status_ok) return Outcome::Refused;
    length = static_cast<std::size_t>(octets);
    return Outcome::Opened;
  }

  void set_roc(std::uint32_t roc) override { (void)srtp_set_stream_roc(context_.get(), ssrc_, roc); }
  [[nodiscard]] std::uint32_t roc() const override {
    std::uint32_t roc = 0;
    (void)srtp_get_stream_roc(context_.get(), ssrc_, &roc);
    return roc;
  }

 private:
  struct Free {
    void operator()(srtp_ctx_t* context) const noexcept { (void)srtp_dealloc(context); }
  };

  std::unique_ptr<srtp_ctx_t, Free> context_;
  std::uint32_t ssrc_;
  std::size_t mki_;      ///< octets
  std::size_t trailer_;  ///< octets of tag and MKI
};

}  // namespace

std::unique_ptr<SrtpSession> make_libsrtp_session(const SrtpKey& key, std::uint32_t ssrc) {
  const auto* const suite = std::ranges::find(kSuites, key.profile, &Suite::profile);
  const auto profile = calls::srtp_profile(key.profile);
  if (suite == kSuites.end() || !profile || key.secret.bytes().size() != profile->secret) return nullptr;
  make_library_ready();
  std::array<std::uint8_t, Secret::kMostBytes> secret{};
  std::ranges::copy(key.secret.bytes(), secret.begin());
  std::vector<std::uint8_t> mki = key.mki;
  srtp_master_key_t master{.key = secret.data(), .mki_id = mki.data(), .mki_size = static_cast<unsigned>(mki.size())};
  std::array<srtp_master_key_t*, 1> masters{&master};
  srtp_policy_t policy{};
  policy.ssrc = {ssrc_specific, ssrc};
  suite->set(&policy.rtp);
  suite->set(&policy.rtcp);
  if (!key.encrypts) policy.rtp.sec_serv = sec_serv_auth;
  policy.keys = masters.data();
  policy.num_master_keys = masters.size();
  policy.window_size = kWindow;
  srtp_t context = nullptr;
  const srtp_err_status_t status = srtp_create(&context, &policy);
  wipe(secret);
  if (status != srtp_err_status_ok) return nullptr;
  const std::size_t trailer = static_cast<std::size_t>(policy.rtp.auth_tag_len) + mki.size();
  return std::make_unique<LibsrtpSession>(context, ssrc, mki.size(), trailer);
}

}  // namespace tapestry::mux
