#include "vconout/keys.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

#include "core/address.h"
#include "core/bytes.h"
#include "vconout/file.h"
#include "vconout/new_file.h"
#include "vconout/openssl.h"

namespace tapestry::vconout {
namespace {

constexpr int kRsaBits = 2048;
constexpr int kSerialBits = 128;
constexpr int kDaysBefore = 1;
constexpr int kDays = 825;
constexpr std::size_t kLongestName = 64;  // RFC 5280 appendix A.1, ub-common-name
constexpr const char* kCaName = "Tapestry trial CA";

struct Identity {
  openssl::Key key;
  openssl::Certificate certificate;
};

openssl::Key make_key(bool es256) {
  openssl::Key key(es256 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                         : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kRsaBits}));
  openssl::require(key != nullptr, "cannot make a key");
  return key;
}

void set_serial(X509* certificate) {
  const openssl::Number number(BN_new());
  openssl::require(BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                       BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
                   "cannot make a serial number");
}

void add_name(X509_NAME* name, const char* field, const std::string& value) {
  const std::string text = value.substr(0, kLongestName);
  const Bytes bytes = as_bytes(text);
  openssl::require(
      X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes.data(), static_cast<int>(bytes.size()), -1, 0) == 1,
      "the host name does not fit a certificate");
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  openssl::require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
                   "cannot extend a certificate");
}

/// Built by hand: in OpenSSL's text form a comma in the host would start another name.
void add_host(X509* certificate, const std::string& host) {
  const auto address = IpAddress::parse(host);
  const std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>> names(GENERAL_NAMES_new());
  GENERAL_NAME* name = address ? a2i_GENERAL_NAME(nullptr, nullptr, nullptr, GEN_IPADD, address->to_string().c_str(), 0)
                               : a2i_GENERAL_NAME(nullptr, nullptr, nullptr, GEN_DNS, host.c_str(), 0);
  openssl::require(name != nullptr && sk_GENERAL_NAME_push(names.get(), name) > 0,
                   "the host is no name for a certificate");
  openssl::require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1,
                   "cannot extend a certificate");
}

openssl::Certificate bare_certificate(EVP_PKEY* key) {
  openssl::Certificate certificate(X509_new());
  X509* raw = certificate.get();
  set_serial(raw);
  openssl::require(X509_set_version(raw, X509_VERSION_3) == 1 && X509_set_pubkey(raw, key) == 1 &&
                       X509_time_adj_ex(X509_getm_notBefore(raw), -kDaysBefore, 0, nullptr) != nullptr &&
                       X509_time_adj_ex(X509_getm_notAfter(raw), kDays - kDaysBefore, 0, nullptr) != nullptr,
                   "cannot make a certificate");
  return certificate;
}

void sign_certificate(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  openssl::require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
                       X509_sign(certificate, issuer_key, EVP_sha256()) > 0,
                   "cannot sign a certificate");
}

Identity make_ca(const std::string& host, bool es256) {
  Identity ca{.key = make_key(es256), .certificate = {}};
  ca.certificate = bare_certificate(ca.key.get());
  X509* raw = ca.certificate.get();
  add_name(X509_get_subject_name(raw), "O", host);
  add_name(X509_get_subject_name(raw), "CN", kCaName);
  add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(raw, raw, NID_subject_key_identifier, "hash");
  add_extension(raw, raw, NID_authority_key_identifier, "keyid:always");
  sign_certificate(raw, raw, ca.key.get());
  return ca;
}

Identity make_leaf(const std::string& host, bool es256, const Identity& ca) {
  Identity leaf{.key = make_key(es256), .certificate = {}};
  leaf.certificate = bare_certificate(leaf.key.get());
  X509* raw = leaf.certificate.get();
  X509* issuer = ca.certificate.get();
  add_name(X509_get_subject_name(raw), "CN", host);
  add_extension(raw, issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(raw, issuer, NID_key_usage, "critical,digitalSignature");
  add_extension(raw, issuer, NID_subject_key_identifier, "hash");
  add_extension(raw, issuer, NID_authority_key_identifier, "keyid:always");
  add_host(raw, host);
  sign_certificate(raw, issuer, ca.key.get());
  return leaf;
}

std::string text_of(BIO* bio) {
  std::string text(BIO_ctrl_pending(bio), '\0');
  const int got = BIO_read(bio, text.data(), static_cast<int>(text.size()));
  openssl::require(got == static_cast<int>(text.size()), "cannot write PEM");
  return text;
}

std::string pem_of(X509* certificate) {
  const openssl::Bio bio(BIO_new(BIO_s_mem()));
  openssl::require(PEM_write_bio_X509(bio.get(), certificate) == 1, "cannot write PEM");
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const openssl::Bio bio(BIO_new(BIO_s_mem()));
  openssl::require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
                   "cannot write PEM");
  return text_of(bio.get());
}

}  // namespace

KeyFiles key_files(const std::filesystem::path& folder) {
  return {.ca = folder / "ca.pem", .certificate = folder / "certificate.pem", .key = folder / "key.pem"};
}

KeyFiles make_trial_keys(const std::filesystem::path& folder, const std::string& host, bool es256) {
  const KeyFiles files = key_files(folder);
  const std::filesystem::path ca_key = folder / "ca-key.pem";
  for (const auto& file : {ca_key, files.ca, files.key, files.certificate}) {
    if (std::filesystem::exists(std::filesystem::symlink_status(file))) {
      throw std::runtime_error(file.string() + " is there already; keys are never overwritten");
    }
  }
  make_folders(folder);
  const Identity ca = make_ca(host, es256);
  const Identity leaf = make_leaf(host, es256, ca);
  NewFile new_ca_key(ca_key, pem_of(ca.key.get()), 0600);
  NewFile new_ca(files.ca, pem_of(ca.certificate.get()), 0644);
  NewFile new_key(files.key, pem_of(leaf.key.get()), 0600);
  NewFile new_certificate(files.certificate, pem_of(leaf.certificate.get()), 0644);
  const std::array<NewFile*, 4> all{&new_ca_key, &new_ca, &new_key, &new_certificate};
  for (NewFile* file : all) file->place();
  sync_folder(folder);
  for (NewFile* file : all) file->keep();
  return files;
}

}  // namespace tapestry::vconout
