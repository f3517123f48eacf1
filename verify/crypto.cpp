#include "verify/crypto.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "core/bytes.h"
#include "core/release.h"

namespace tapestry::verify {
namespace {

using X509Ptr = std::unique_ptr<X509, Release<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Release<X509_STORE_CTX_free>>;
using EcSignaturePtr = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using StackPtr = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr std::size_t kP256Half = 32;
constexpr int kMinRsaBits = 2048;  // RFC 7518 §3.3

std::vector<std::uint8_t> octets(std::string_view text) { return {text.begin(), text.end()}; }

/// ES256's r‖s (RFC 7518 §3.4) as the DER that OpenSSL wants; empty when the length is wrong.
std::vector<std::uint8_t> der_of(std::string_view raw) {
  if (raw.size() != 2 * kP256Half) return {};
  const std::vector<std::uint8_t> bytes = octets(raw);
  const EcSignaturePtr pair(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes.data(), kP256Half, nullptr);
  BIGNUM* s = BN_bin2bn(bytes.data() + kP256Half, kP256Half, nullptr);
  if (pair == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  std::vector<std::uint8_t> der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)));
  unsigned char* out = der.data();
  i2d_ECDSA_SIG(pair.get(), &out);
  return der;
}

bool is_p256(EVP_PKEY* key) {
  std::array<char, 64> name{};
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), nullptr) == 1 &&
         std::string_view(name.data()) == SN_X9_62_prime256v1;
}

bool key_fits(EVP_PKEY* key, std::string_view alg) {
  if (alg == "ES256") return is_p256(key);
  return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= kMinRsaBits;
}

bool verifies(EVP_PKEY* key, std::string_view alg, std::string_view message,
              const std::vector<std::uint8_t>& signature) {
  const DigestPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, key) != 1) return false;
  if (alg == "PS256" && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
                         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  const Bytes text = as_bytes(message);
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

}  // namespace

struct Certificates::State {
  std::vector<X509Ptr> list;
};

Certificates::Certificates() : state_(std::make_unique<State>()) {}
Certificates::~Certificates() = default;
Certificates::Certificates(Certificates&&) noexcept = default;
Certificates& Certificates::operator=(Certificates&&) noexcept = default;

bool Certificates::add(std::string_view der) {
  const std::vector<std::uint8_t> bytes = octets(der);
  const unsigned char* at = bytes.data();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
  ERR_clear_error();
  if (certificate == nullptr || at != bytes.data() + bytes.size()) return false;
  state_->list.push_back(std::move(certificate));
  return true;
}

std::optional<std::string> Certificates::signature_fault(std::string_view alg, std::string_view message,
                                                         std::string_view signature) const {
  if (state_->list.empty()) return "no certificate";
  const KeyPtr key(X509_get_pubkey(state_->list.front().get()));
  const bool fits = key != nullptr && key_fits(key.get(), alg);
  const bool good = fits && verifies(key.get(), alg, message, alg == "ES256" ? der_of(signature) : octets(signature));
  ERR_clear_error();
  if (!fits) return fmt::format("the leaf's key does not fit {}", alg);
  if (!good) return "does not verify with the leaf's key";
  return std::nullopt;
}

std::optional<std::string> Certificates::chain_fault(const std::filesystem::path& ca) const {
  if (state_->list.empty()) return "no certificate";
  const StorePtr store(X509_STORE_new());
  if (store == nullptr || X509_STORE_load_file(store.get(), ca.c_str()) != 1) {
    ERR_clear_error();
    throw std::runtime_error(fmt::format("cannot read certificates from {}", ca.string()));
  }
  const StackPtr others(sk_X509_new_null());
  for (std::size_t n = 1; n < state_->list.size(); ++n) sk_X509_push(others.get(), state_->list[n].get());
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (context == nullptr ||
      X509_STORE_CTX_init(context.get(), store.get(), state_->list.front().get(), others.get()) != 1) {
    return "cannot be checked";
  }
  const bool good = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  if (good) return std::nullopt;
  return fmt::format("{} (certificate {})", X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())),
                     X509_STORE_CTX_get_error_depth(context.get()));
}

std::string sha256_hex(std::string_view text) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("cannot compute SHA-256");
  }
  std::string hex;
  for (const std::uint8_t byte : Bytes(digest).first(size)) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::optional<std::string> sha512_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const DigestPtr context(EVP_MD_CTX_new());
  if (!file || EVP_DigestInit_ex(context.get(), EVP_sha512(), nullptr) != 1) return std::nullopt;
  std::array<char, 65536> block{};
  while (file.good()) {
    file.read(block.data(), block.size());
    EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(file.gcount()));
  }
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (!file.eof() || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return std::nullopt;
  return std::string(digest.begin(), digest.begin() + size);
}

}  // namespace tapestry::verify
