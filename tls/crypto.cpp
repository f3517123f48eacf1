#include "tls/crypto.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/release.h"
#include "core/secret.h"

namespace tapestry::tls {
namespace {

using Kdf = std::unique_ptr<EVP_KDF, Release<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, Release<EVP_KDF_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;

constexpr std::string_view kPrefix = "tls13 ";  // RFC 8446 §7.1

void require(bool good, const char* what) {
  if (good) return;
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  throw std::runtime_error(std::string("TLS: ") + what + (reason == nullptr ? "" : std::string(": ") + reason));
}

/// A parameter for reading; OpenSSL's constructor wants a pointer to what it does not change.
OSSL_PARAM octets(const char* name, Bytes bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
}

OSSL_PARAM digest_name(Digest digest) {
  static char sha256[] = "SHA256";
  static char sha384[] = "SHA384";
  return OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest == Digest::Sha256 ? sha256 : sha384, 0);
}

void derive(const char* name, const std::vector<OSSL_PARAM>& parameters, std::span<std::uint8_t> out) {
  const Kdf kdf(EVP_KDF_fetch(nullptr, name, nullptr));
  require(kdf != nullptr, "a key derivation function is missing");
  const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  require(context != nullptr, "out of memory");
  require(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) == 1, "no key was derived");
}

const EVP_CIPHER* evp(Cipher cipher) {
  switch (cipher) {
    case Cipher::Aes128Gcm:
      return EVP_aes_128_gcm();
    case Cipher::Aes256Gcm:
      return EVP_aes_256_gcm();
    default:
      return EVP_chacha20_poly1305();
  }
}

int length_of(Bytes bytes) noexcept {
  assert(bytes.size() <= std::numeric_limits<int>::max());
  return static_cast<int>(bytes.size());
}

}  // namespace

void prf(Digest digest, Bytes secret, std::string_view label, Bytes first, Bytes second, std::span<std::uint8_t> out) {
  derive("TLS1-PRF",
         {digest_name(digest), octets(OSSL_KDF_PARAM_SECRET, secret), octets(OSSL_KDF_PARAM_SEED, as_bytes(label)),
          octets(OSSL_KDF_PARAM_SEED, first), octets(OSSL_KDF_PARAM_SEED, second), OSSL_PARAM_construct_end()},
         out);
}

void expand_label(Digest digest, Bytes secret, std::string_view label, std::span<std::uint8_t> out) {
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  derive("TLS13-KDF",
         {OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode), digest_name(digest), octets(OSSL_KDF_PARAM_KEY, secret),
          octets(OSSL_KDF_PARAM_PREFIX, as_bytes(kPrefix)), octets(OSSL_KDF_PARAM_LABEL, as_bytes(label)),
          OSSL_PARAM_construct_end()},
         out);
}

struct Aead::State {
  CipherContext context;
};

Aead::Aead(Cipher cipher, Bytes key) : state_(std::make_unique<State>()) {
  assert(key.size() == key_size(cipher));
  state_->context.reset(EVP_CIPHER_CTX_new());
  require(state_->context != nullptr, "out of memory");
  require(EVP_DecryptInit_ex(state_->context.get(), evp(cipher), nullptr, key.data(), nullptr) == 1,
          "a cipher is missing");
}

Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;
Aead::~Aead() = default;

bool Aead::open(Bytes nonce, Bytes associated, Bytes sealed, std::span<std::uint8_t> plain) {
  assert(nonce.size() == kNonceSize && sealed.size() >= kTagSize && plain.size() == sealed.size() - kTagSize);
  EVP_CIPHER_CTX* context = state_->context.get();
  const Bytes text = sealed.first(plain.size());
  std::array<std::uint8_t, kTagSize> tag{};
  std::ranges::copy(sealed.last(kTagSize), tag.begin());
  int written = 0;
  std::uint8_t nothing = 0;
  std::uint8_t* out = plain.empty() ? &nothing : plain.data();
  require(EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1, "a cipher refuses its nonce");
  require(EVP_DecryptUpdate(context, nullptr, &written, associated.data(), length_of(associated)) == 1,
          "a cipher refuses its associated data");
  require(text.empty() || EVP_DecryptUpdate(context, out, &written, text.data(), length_of(text)) == 1,
          "a cipher refuses its text");
  require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1, "a cipher refuses its tag");
  if (EVP_DecryptFinal_ex(context, out, &written) == 1) return true;
  ERR_clear_error();
  wipe(plain);
  return false;
}

}  // namespace tapestry::tls
