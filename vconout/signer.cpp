#include "vconout/signer.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "vconout/base64.h"
#include "vconout/file.h"
#include "vconout/openssl.h"
#include "vconout/utf8.h"

namespace tapestry::vconout {
namespace {

constexpr int kLeastRsaBits = 2048;
constexpr int kP256Bytes = 32;

using Certificates = std::vector<openssl::Certificate>;

openssl::Bio reader_of(const std::string& text) {
  return openssl::Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// For PEM_read_bio: a key with a pass phrase fails instead of asking on the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

openssl::Key read_key(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  openssl::Key key(PEM_read_bio_PrivateKey(reader_of(text).get(), nullptr, no_pass_phrase, nullptr));
  if (!key) openssl::fail(file.string() + " holds no private key in PEM");
  return key;
}

void read_certificates(const std::filesystem::path& file, Certificates& into) {
  const std::string text = read_text(file);
  const openssl::Bio bio = reader_of(text);
  int found = 0;
  while (openssl::Certificate next{PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)}) {
    ++found;
    const bool known =
        std::ranges::any_of(into, [&](const auto& held) { return X509_cmp(held.get(), next.get()) == 0; });
    if (!known) into.push_back(std::move(next));
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end || found == 0) openssl::fail(file.string() + " holds no certificate in PEM, or a broken one");
  ERR_clear_error();
}

/// RFC 7515 §4.1.6: each certificate certifies the one before it.
void check_order(const Certificates& chain, const std::filesystem::path& file) {
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (X509_check_issued(chain[i].get(), chain[i - 1].get()) == X509_V_OK) continue;
    throw std::runtime_error(
        fmt::format("{}: certificate {} of the chain did not issue the one before it", file.string(), i + 1));
  }
}

const char* algorithm_of(EVP_PKEY* key, const std::filesystem::path& file) {
  if (EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= kLeastRsaBits) return "RS256";
  std::array<char, 64> curve{};
  if (EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, curve.data(), curve.size(), nullptr) == 1) {
    const std::string_view name(curve.data());
    if (name == "prime256v1" || name == "P-256") return "ES256";
  }
  throw std::runtime_error(file.string() + " is neither an RSA key of at least 2048 bits nor a P-256 key");
}

std::vector<std::uint8_t> der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  openssl::require(size > 0, "cannot encode a certificate");
  std::vector<std::uint8_t> der(bytes, bytes + size);
  OPENSSL_free(bytes);
  return der;
}

/// RFC 7518 §3.4: R and S as 32 octets each, where OpenSSL gives DER.
std::vector<std::uint8_t> raw_from_der(const std::vector<std::uint8_t>& der) {
  const unsigned char* at = der.data();
  const openssl::EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  openssl::require(signature != nullptr, "cannot read an ECDSA signature");
  std::vector<std::uint8_t> raw(std::size_t{2} * kP256Bytes);
  const bool good = BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), kP256Bytes) == kP256Bytes &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + kP256Bytes, kP256Bytes) == kP256Bytes;
  openssl::require(good, "cannot encode an ECDSA signature");
  return raw;
}

std::vector<std::uint8_t> signature_over(std::string_view input, EVP_PKEY* key) {
  const openssl::Context context(EVP_MD_CTX_new());
  const Bytes bytes = as_bytes(input);
  std::size_t size = 0;
  openssl::require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                       EVP_DigestSign(context.get(), nullptr, &size, bytes.data(), bytes.size()) == 1,
                   "cannot start a signature");
  std::vector<std::uint8_t> signature(size);
  openssl::require(EVP_DigestSign(context.get(), signature.data(), &size, bytes.data(), bytes.size()) == 1,
                   "cannot sign");
  signature.resize(size);
  return signature;
}

}  // namespace

struct Signer::State {
  openssl::Key key;
  bool es256 = false;
  std::string protected_header;  ///< base64url
  nlohmann::ordered_json x5c;
};

Signer::Signer(const std::filesystem::path& key, const std::filesystem::path& certificate,
               const std::filesystem::path& chain)
    : state_(std::make_unique<State>()) {
  state_->key = read_key(key);
  Certificates certificates;
  read_certificates(certificate, certificates);
  if (!chain.empty()) read_certificates(chain, certificates);
  check_order(certificates, chain.empty() ? certificate : chain);
  if (X509_check_private_key(certificates.front().get(), state_->key.get()) != 1) {
    openssl::fail(fmt::format("{} is not the key of {}", key.string(), certificate.string()));
  }
  const std::string_view algorithm = algorithm_of(state_->key.get(), key);
  state_->es256 = algorithm == "ES256";
  state_->protected_header = base64url(as_bytes(fmt::format(R"({{"alg":"{}"}})", algorithm)));
  for (const auto& held : certificates) state_->x5c.push_back(base64(der_of(held.get())));
}

Signer::~Signer() = default;
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;

std::string Signer::sign(std::string_view payload, std::string_view uuid) const {
  const std::string encoded = base64url(as_bytes(payload));
  auto raw = signature_over(state_->protected_header + "." + encoded, state_->key.get());
  if (state_->es256) raw = raw_from_der(raw);
  nlohmann::ordered_json signature;
  signature["header"] = {{"x5c", state_->x5c}, {"uuid", to_utf8(uuid)}};
  signature["protected"] = state_->protected_header;
  signature["signature"] = base64url(raw);
  // By hand: the payload is long and needs no escaping.
  return R"({"payload":")" + encoded + R"(","signatures":[)" + signature.dump() + "]}\n";
}

}  // namespace tapestry::vconout
