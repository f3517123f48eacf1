#include "spool/cipher.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cassert>
#include <memory>
#include <stdexcept>
#include <string>

#include "core/release.h"

namespace tapestry::spool {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("spool: ") + what);
}

enum class Way : std::uint8_t { Seal, Unseal };

Context begin(const Secret& key, const Nonce& nonce, Bytes beside, Way way) {
  assert(key.bytes().size() == kKeyBytes);
  Context context(EVP_CIPHER_CTX_new());
  require(context != nullptr, "out of memory");
  const int encrypt = way == Way::Seal ? 1 : 0;
  require(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes().data(), nonce.data(), encrypt) == 1,
          "AES-256-GCM is missing");
  int used = 0;
  require(EVP_CipherUpdate(context.get(), nullptr, &used, beside.data(), static_cast<int>(beside.size())) == 1,
          "AES-256-GCM failed");
  return context;
}

void update(EVP_CIPHER_CTX* context, std::span<std::uint8_t> bytes) {
  int used = 0;
  require(bytes.empty() ||
              EVP_CipherUpdate(context, bytes.data(), &used, bytes.data(), static_cast<int>(bytes.size())) == 1,
          "AES-256-GCM failed");
}

}  // namespace

Tag seal(const Secret& key, const Nonce& nonce, Bytes beside, std::span<std::uint8_t> bytes) {
  const Context context = begin(key, nonce, beside, Way::Seal);
  update(context.get(), bytes);
  int used = 0;
  Tag tag{};
  std::array<std::uint8_t, 16> none{};
  require(EVP_CipherFinal_ex(context.get(), none.data(), &used) == 1, "AES-256-GCM failed");
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag.size(), tag.data()) == 1, "AES-256-GCM failed");
  return tag;
}

bool unseal(const Secret& key, const Nonce& nonce, Bytes beside, const Tag& tag, std::span<std::uint8_t> bytes) {
  const Context context = begin(key, nonce, beside, Way::Unseal);
  update(context.get(), bytes);
  Tag expected = tag;
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, expected.size(), expected.data()) == 1,
          "AES-256-GCM failed");
  int used = 0;
  std::array<std::uint8_t, 16> none{};
  if (EVP_CipherFinal_ex(context.get(), none.data(), &used) == 1) return true;
  wipe(bytes);
  return false;
}

void fill_random(std::span<std::uint8_t> bytes) {
  require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "no random numbers");
}

Secret random_key() {
  std::array<std::uint8_t, kKeyBytes> bytes{};
  fill_random(bytes);
  const Secret key{Bytes(bytes)};
  wipe(bytes);
  return key;
}

}  // namespace tapestry::spool
