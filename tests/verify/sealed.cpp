#include "sealed.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "core/bytes.h"

namespace tapestry::verify {
namespace {

EVP_PKEY* new_key(KeyKind kind) {
  switch (kind) {
    case KeyKind::P256:
      return EVP_EC_gen("P-256");
    case KeyKind::P384:
      return EVP_EC_gen("P-384");
    case KeyKind::Rsa2048:
      return EVP_RSA_gen(2048);
    case KeyKind::Rsa1024:
      return EVP_RSA_gen(1024);
  }
  return nullptr;
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void name_it(X509* certificate, const std::string& name) {
  const Bytes text = as_bytes(name);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text.data(),
                             static_cast<int>(text.size()), -1, 0);
}

/// DER of an ECDSA signature as r‖s.
std::string raw_of(const std::string& der) {
  const Bytes bytes = as_bytes(der);
  const unsigned char* at = bytes.data();
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(bytes.size()));
  std::vector<unsigned char> raw(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw.data() + 32, 32);
  ECDSA_SIG_free(pair);
  return {raw.begin(), raw.end()};
}

}  // namespace

Identity::Identity(KeyKind kind, const Identity* issuer, bool is_ca, int days_from, int days_to)
    : key_(new_key(kind)), certificate_(X509_new()) {
  static long serial = 1;
  X509* certificate = certificate_.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), days_from * 86400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate), days_to * 86400L);
  X509_set_pubkey(certificate, key_.get());
  name_it(certificate, "test " + std::to_string(serial++));
  const Identity& signer = issuer == nullptr ? *this : *issuer;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate_.get()));
  add_extension(certificate, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (X509_sign(certificate, signer.key_.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
}

std::string Identity::der() const {
  unsigned char* out = nullptr;
  const int size = i2d_X509(certificate_.get(), &out);
  std::string text(out, out + size);
  OPENSSL_free(out);
  return text;
}

std::string Identity::pem() const {
  return "-----BEGIN CERTIFICATE-----\n" + base64(der()) + "\n-----END CERTIFICATE-----\n";
}

std::string Identity::sign(std::string_view alg, std::string_view message) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* parameters = nullptr;
  EVP_DigestSignInit(context, &parameters, EVP_sha256(), nullptr, key_.get());
  if (alg == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
  }
  const Bytes text = as_bytes(message);
  std::vector<unsigned char> out(1024);
  std::size_t size = out.size();
  const int good = EVP_DigestSign(context, out.data(), &size, text.data(), text.size());
  EVP_MD_CTX_free(context);
  if (good != 1) throw std::runtime_error("EVP_DigestSign");
  const std::string signature(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
  return alg == "ES256" ? raw_of(signature) : signature;
}

const Identity& test_root() {
  static const Identity root(KeyKind::P256, nullptr, true);
  return root;
}

const Identity& test_leaf() {
  static const Identity leaf(KeyKind::P256, &test_root(), false);
  return leaf;
}

std::string base64(std::string_view bytes) {
  const Bytes input = as_bytes(bytes);
  std::vector<unsigned char> out(bytes.size() / 3 * 4 + 5);
  const int size = EVP_EncodeBlock(out.data(), input.data(), static_cast<int>(input.size()));
  return {out.begin(), out.begin() + size};
}

std::string base64url(std::string_view bytes) {
  std::string text = base64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

nlohmann::json seal(const std::string& payload, const Identity& leaf, std::string_view alg,
                    const std::vector<const Identity*>& chain, const nlohmann::json& protected_header,
                    const nlohmann::json& header) {
  const nlohmann::json vcon = nlohmann::json::parse(payload, nullptr, false);
  nlohmann::json outer{{"x5c", {base64(leaf.der())}}};
  if (vcon.is_object() && vcon.contains("uuid")) outer["uuid"] = vcon["uuid"];
  for (const Identity* one : chain) outer["x5c"].push_back(base64(one->der()));
  outer.update(header);
  nlohmann::json inner{{"alg", alg}};
  inner.update(protected_header);
  const std::string encoded = base64url(inner.dump());
  const std::string body = base64url(payload);
  const nlohmann::json signature{
      {"header", outer}, {"protected", encoded}, {"signature", base64url(leaf.sign(alg, encoded + "." + body))}};
  return {{"payload", body}, {"signatures", nlohmann::json::array({signature})}};
}

bool tells(const std::vector<std::string>& faults, std::string_view words) {
  return std::ranges::any_of(faults, [&](const std::string& fault) { return fault.contains(words); });
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "tapestry-verify-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Folder::write(const std::filesystem::path& name, std::string_view bytes) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace tapestry::verify
