#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "core/release.h"
#include "mux/srtp_session.h"

namespace tapestry::mux {
namespace {

constexpr std::size_t kKeyBytes = 24;
constexpr std::size_t kAuthBytes = 20;
constexpr std::size_t kSaltBytes = 14;
constexpr std::size_t kRocBytes = 4;

using Block = std::array<std::uint8_t, 16>;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;

/// Adds AES-192's key stream from `counter` on.
bool add_key_stream(EVP_CIPHER_CTX* cipher, Bytes key, const Block& counter, std::span<std::uint8_t> octets) {
  int used = 0;
  return EVP_EncryptInit_ex(cipher, EVP_aes_192_ctr(), nullptr, key.data(), counter.data()) == 1 &&
         EVP_EncryptUpdate(cipher, octets.data(), &used, octets.data(), static_cast<int>(octets.size())) == 1;
}

/// `value` with `octets` of it, big-endian, exclusive-or'ed to what begins at `at`.
void mix(Block& block, std::size_t at, std::uint64_t value, std::size_t octets) {
  for (std::size_t n = 0; n < octets; ++n) block[at + n] ^= static_cast<std::uint8_t>(value >> 8 * (octets - 1 - n));
}

Block counter_of(Bytes salt) {
  Block counter{};
  std::memcpy(counter.data(), salt.data(), kSaltBytes);
  return counter;
}

/// RFC 3711 §4.3.1, with the AES_192_CM_PRF of RFC 6188 §4.
Secret derive(EVP_CIPHER_CTX* cipher, Bytes master, std::uint8_t label, std::size_t octets) {
  constexpr std::size_t kLabelAt = 7;
  std::array<std::uint8_t, kKeyBytes> derived{};
  Block counter = counter_of(master.subspan(kKeyBytes));
  mix(counter, kLabelAt, label, 1);
  const bool done = add_key_stream(cipher, master.first(kKeyBytes), counter, std::span(derived).first(octets));
  const Secret secret(done ? Bytes(derived).first(octets) : Bytes());
  wipe(derived);
  return secret;
}

class Aes192Session final : public SrtpSession {
 public:
  Aes192Session(Cipher cipher, const calls::SrtpKey& key, std::size_t tag, std::uint32_t ssrc)
      : cipher_(std::move(cipher)),
        key_(derive(cipher_.get(), key.secret.bytes(), 0, kKeyBytes)),
        auth_(derive(cipher_.get(), key.secret.bytes(), 1, kAuthBytes)),
        salt_(derive(cipher_.get(), key.secret.bytes(), 2, kSaltBytes)),
        mki_(key.mki),
        encrypts_(key.encrypts),
        tag_(tag),
        ssrc_(ssrc) {}

  [[nodiscard]] bool ready() const noexcept { return !key_.empty() && !auth_.empty() && !salt_.empty(); }

  Outcome unprotect(std::uint8_t* packet, std::size_t header, std::size_t& length) override {
    if (length < header + mki_.size() + tag_) return Outcome::Refused;
    const std::size_t clear = length - tag_ - mki_.size();
    const std::span<std::uint8_t> octets(packet, length);
    const auto sequence = static_cast<std::uint16_t>(packet[2] << 8U | packet[3]);
    const std::uint32_t roc = guess(sequence);
    if (!authentic(octets.first(clear), octets.subspan(clear), roc)) return Outcome::Refused;
    Block counter = counter_of(salt_.bytes());
    mix(counter, 4, ssrc_, 4);
    mix(counter, 8, roc, kRocBytes);
    mix(counter, 12, sequence, 2);
    if (encrypts_ && !add_key_stream(cipher_.get(), key_.bytes(), counter, octets.subspan(header, clear - header)))
      return Outcome::Refused;
    if (!highest_ || roc > roc_ || (roc == roc_ && sequence > *highest_)) highest_ = sequence;
    roc_ = std::max(roc_, roc);
    length = clear;
    return Outcome::Opened;
  }

  void set_roc(std::uint32_t roc) override { roc_ = roc; }
  [[nodiscard]] std::uint32_t roc() const override { return roc_; }

 private:
  /// RFC 3711 §3.3.1.
  [[nodiscard]] std::uint32_t guess(std::uint16_t sequence) const noexcept {
    constexpr int kHalf = 0x8000;
    if (!highest_) return roc_;
    const int step = int{sequence} - int{*highest_};
    if (step > kHalf && *highest_ < kHalf && roc_ > 0) return roc_ - 1;
    return step < -kHalf && *highest_ >= kHalf ? roc_ + 1 : roc_;
  }

  /// The tag is over the packet and the roll-over counter; the MKI stands between.
  [[nodiscard]] bool authentic(Bytes packet, Bytes trailer, std::uint32_t roc) {
    authenticated_.assign(packet.begin(), packet.end());
    for (std::size_t n = 0; n < kRocBytes; ++n) authenticated_.push_back(roc >> 8 * (kRocBytes - 1 - n) & 0xffU);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> tag{};
    const auto* const made = HMAC(EVP_sha1(), auth_.bytes().data(), static_cast<int>(kAuthBytes), authenticated_.data(),
                                  authenticated_.size(), tag.data(), nullptr);
    return made != nullptr && std::equal(mki_.begin(), mki_.end(), trailer.begin()) &&
           CRYPTO_memcmp(tag.data(), trailer.last(tag_).data(), tag_) == 0;
  }

  Cipher cipher_;
  Secret key_;
  Secret auth_;
  Secret salt_;
  std::vector<std::uint8_t> mki_;
  bool encrypts_;
  std::size_t tag_;  ///< octets
  std::uint32_t ssrc_;
  std::uint32_t roc_ = 0;
  std::optional<std::uint16_t> highest_;
  std::vector<std::uint8_t> authenticated_;
};

}  // namespace

std::unique_ptr<SrtpSession> make_aes192_session(const calls::SrtpKey& key, std::uint32_t ssrc) {
  const bool long_tag = key.profile == "AES_192_CM_HMAC_SHA1_80";
  if ((!long_tag && key.profile != "AES_192_CM_HMAC_SHA1_32") || key.secret.bytes().size() != kKeyBytes + kSaltBytes)
    return nullptr;
  Cipher cipher(EVP_CIPHER_CTX_new());
  if (!cipher) return nullptr;
  auto session = std::make_unique<Aes192Session>(std::move(cipher), key, long_tag ? 10 : 4, ssrc);
  return session->ready() ? std::move(session) : nullptr;
}

}  // namespace tapestry::mux
