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

void update(EVP_CIPHER_CTX* context, Bytes from, std::span<std::uint8_t> to) {
  assert(from.size() == to.size());
  int used = 0;
  require(from.empty() || EVP_CipherUpdate(context, to.data(), &used, from.data(), static_cast<int>(from.size())) == 1,
          "AES-256-GCM failed");
}

/// The number of a sector as the tweak: little endian.
std::array<std::uint8_t, 16> tweak_of(std::uint64_t sector) {
  std::array<std::uint8_t, 16> tweak{};
  for (std::size_t at = 0; at < sizeof(sector); ++at) tweak[at] = static_cast<std::uint8_t>(sector >> (8 * at));
  return tweak;
}

void turn_sectors(const Secret& key, std::uint64_t first, Bytes from, std::span<std::uint8_t> to, Way way) {
  assert(from.size() == to.size() && from.size() % kSectorBytes == 0);
  const Context context(EVP_CIPHER_CTX_new());
  require(context != nullptr, "out of memory");
  const int encrypt = way == Way::Seal ? 1 : 0;
  require(EVP_CipherInit_ex(context.get(), EVP_aes_256_xts(), nullptr, key.bytes().data(), nullptr, encrypt) == 1,
          "AES-256-XTS is missing");
  for (std::size_t at = 0; at < from.size(); at += kSectorBytes) {
    const auto tweak = tweak_of(first++);
    int used = 0;
    require(EVP_CipherInit_ex(context.get(), nullptr, nullptr, nullptr, tweak.data(), -1) == 1 &&
                EVP_CipherUpdate(context.get(), to.subspan(at).data(), &used, from.subspan(at).data(),
                                 static_cast<int>(kSectorBytes)) == 1,
            "AES-256-XTS failed");
  }
}

template <std::size_t bytes>
Secret random_secret() {
  std::array<std::uint8_t, bytes> random{};
  fill_random(random);
  const Secret key{Bytes(random)};
  wipe(random);
  return key;
}

}  // namespace

Tag seal(const Secret& key, const Nonce& nonce, Bytes beside, Bytes plain, std::span<std::uint8_t> sealed) {
  const Context context = begin(key, nonce, beside, Way::Seal);
  update(context.get(), plain, sealed);
  int used = 0;
  Tag tag{};
  std::array<std::uint8_t, 16> none{};
  require(EVP_CipherFinal_ex(context.get(), none.data(), &used) == 1, "AES-256-GCM failed");
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag.size(), tag.data()) == 1, "AES-256-GCM failed");
  return tag;
}

bool unseal(const Secret& key, const Nonce& nonce, Bytes beside, const Tag& tag, std::span<std::uint8_t> bytes) {
  const Context context = begin(key, nonce, beside, Way::Unseal);
  update(context.get(), bytes, bytes);
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

Secret random_key() { return random_secret<kKeyBytes>(); }

void encrypt_sectors(const Secret& key, std::uint64_t first, Bytes plain, std::span<std::uint8_t> sealed) {
  turn_sectors(key, first, plain, sealed, Way::Seal);
}

void decrypt_sectors(const Secret& key, std::uint64_t first, std::span<std::uint8_t> bytes) {
  turn_sectors(key, first, bytes, bytes, Way::Unseal);
}

// Two keys of AES-256, one for the tweaks.
Secret random_sector_key() { return random_secret<2 * kKeyBytes>(); }

}  // namespace tapestry::spool
