#include "jws.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <nlohmann/json.hpp>

#include "core/bytes.h"
#include "vconout/openssl.h"

namespace tapestry::vconout::test {
namespace {

std::vector<std::uint8_t> decode(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  std::vector<std::uint8_t> bytes(text.size());
  const int size = EVP_DecodeBlock(bytes.data(), as_bytes(text).data(), static_cast<int>(text.size()));
  openssl::require(size >= 0, "no base64");
  const std::size_t padding = text.size() - text.find_last_not_of('=') - 1;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::vector<std::uint8_t> der_from_raw(const std::vector<std::uint8_t>& raw) {
  const openssl::EcdsaSignature signature(ECDSA_SIG_new());
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(raw.data(), 32, nullptr), BN_bin2bn(raw.data() + 32, 32, nullptr));
  std::vector<std::uint8_t> der(80);
  unsigned char* at = der.data();
  der.resize(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), &at)));
  return der;
}

openssl::Certificate from_pem(const std::string& pem) {
  const openssl::Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return openssl::Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

bool verifies(const std::string& input, std::vector<std::uint8_t> signature, bool es256, X509* leaf) {
  if (es256 && signature.size() != 64) return false;
  if (es256) signature = der_from_raw(signature);
  const openssl::Context context(EVP_MD_CTX_new());
  const Bytes bytes = as_bytes(input);
  EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(leaf));
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(), bytes.size()) == 1;
}

}  // namespace

ReadJws read_jws(std::string_view text) {
  const auto jws = nlohmann::json::parse(text);
  if (jws.size() != 2 || jws.at("signatures").size() != 1) return {};
  const auto& signature = jws["signatures"][0];
  const auto& header = signature.at("header");
  if (signature.size() != 3 || header.size() != 2) return {};
  const auto protected_bytes = decode(signature["protected"].get<std::string>());
  const auto protected_header = nlohmann::json::parse(as_text(protected_bytes));
  if (protected_header.size() != 1) return {};
  ReadJws read;
  read.algorithm = protected_header["alg"];
  read.uuid = header["uuid"];
  read.certificates = header["x5c"].size();
  const auto payload = decode(jws["payload"].get<std::string>());
  read.payload = as_text(payload);
  const auto der = decode(header["x5c"][0].get<std::string>());
  const unsigned char* at = der.data();
  const openssl::Certificate leaf(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const std::string input = signature["protected"].get<std::string>() + "." + jws["payload"].get<std::string>();
  read.verified =
      verifies(input, decode(signature["signature"].get<std::string>()), read.algorithm == "ES256", leaf.get());
  return read;
}

bool chain_verifies(const std::string& leaf, const std::string& ca) {
  const auto leaf_certificate = from_pem(leaf);
  const auto ca_certificate = from_pem(ca);
  const std::unique_ptr<X509_STORE, Release<X509_STORE_free>> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), ca_certificate.get());
  X509_STORE_set_flags(store.get(), X509_V_FLAG_X509_STRICT);
  const std::unique_ptr<X509_STORE_CTX, Release<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf_certificate.get(), nullptr);
  return X509_verify_cert(context.get()) == 1;
}

std::string certificate_text(const std::string& pem) {
  const auto certificate = from_pem(pem);
  const openssl::Bio bio(BIO_new(BIO_s_mem()));
  X509_print(bio.get(), certificate.get());
  std::string text(BIO_ctrl_pending(bio.get()), '\0');
  BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
  return text;
}

}  // namespace tapestry::vconout::test
