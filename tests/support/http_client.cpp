#include "tests/support/http_client.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <stdexcept>

#include "core/release.h"

namespace tapestry::testing {
namespace {

using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Context = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;

void demand(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("http client: ") + what);
}

int connect_local(const std::string& path) {
  const int made = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  demand(path.size() < sizeof address.sun_path, "path too long");
  std::memcpy(address.sun_path, path.data(), path.size());
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  demand(::connect(made, generic, sizeof address) == 0, "cannot connect");
  return made;
}

Bio file(const std::string& path, const char* mode) {
  Bio opened(BIO_new_file(path.c_str(), mode));
  demand(opened != nullptr, "cannot open a PEM file");
  return opened;
}

void extend(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  demand(made != nullptr, "no extension");
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

}  // namespace

struct HttpClient::State {
  Context context;
  Bio bio;
  std::string held;  ///< received, not yet used

  void more() {
    std::array<char, 4096> room{};
    const int got = BIO_read(bio.get(), room.data(), static_cast<int>(room.size()));
    demand(got > 0, "closed");
    held.append(room.data(), static_cast<std::size_t>(got));
  }
};

HttpClient::HttpClient(const HttpPlace& place) : state_(std::make_unique<State>()) {
  const std::string address = "127.0.0.1:" + std::to_string(place.port);
  if (!place.socket.empty()) {
    state_->bio.reset(BIO_new_socket(connect_local(place.socket), BIO_CLOSE));
    return;
  }
  if (place.ca.empty()) {
    state_->bio.reset(BIO_new_connect(address.c_str()));
    demand(BIO_do_connect(state_->bio.get()) == 1, "cannot connect");
    return;
  }
  state_->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = state_->context.get();
  demand(SSL_CTX_load_verify_file(context, place.ca.c_str()) == 1, "no CA");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (place.most_version != 0) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, place.most_version);
  }
  if (!place.identity.empty()) {
    demand(SSL_CTX_use_certificate_file(context, place.identity.c_str(), SSL_FILETYPE_PEM) == 1, "no certificate");
    demand(SSL_CTX_use_PrivateKey_file(context, place.identity.c_str(), SSL_FILETYPE_PEM) == 1, "no key");
  }
  state_->bio.reset(BIO_new_ssl_connect(context));
  SSL* ssl = nullptr;
  BIO_get_ssl(state_->bio.get(), &ssl);
  SSL_set1_host(ssl, "localhost");
  BIO_set_conn_hostname(state_->bio.get(), address.c_str());
  demand(BIO_do_connect(state_->bio.get()) == 1, "no TLS connection");
}

HttpClient::~HttpClient() = default;

void HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const int put = BIO_write(state_->bio.get(), bytes.data(), static_cast<int>(bytes.size()));
    demand(put > 0, "cannot send");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

HttpAnswer HttpClient::receive(bool head_only) {
  std::string& held = state_->held;
  while (held.find("\r\n\r\n") == std::string::npos) state_->more();
  std::string head = held.substr(0, held.find("\r\n\r\n") + 2);
  held.erase(0, head.size() + 2);
  HttpAnswer answer;
  demand(head.starts_with("HTTP/1.1 "), "no HTTP/1.1");
  answer.status = std::stoi(head.substr(9, 3));
  head.erase(0, head.find("\r\n") + 2);
  while (!head.empty()) {
    const std::size_t colon = head.find(':');
    const std::size_t end = head.find("\r\n");
    std::string name = head.substr(0, colon);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    demand(answer.fields.emplace(name, head.substr(colon + 2, end - colon - 2)).second, "a field twice");
    head.erase(0, end + 2);
  }
  if (head_only || answer.status == 304) return answer;
  const std::size_t length = std::stoul(answer.fields.at("content-length"));
  while (held.size() < length) state_->more();
  answer.body = held.substr(0, length);
  held.erase(0, length);
  return answer;
}

HttpAnswer HttpClient::ask(const std::string& method, const std::string& target, const std::string& lines) {
  send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n");
  return receive(method == "HEAD");
}

void make_identity(const std::string& folder, const std::string& name, const std::string& issuer) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate made(X509_new());
  X509* certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
  X509_set_pubkey(certificate, key.get());
  const std::string common = "tapestry test " + name;
  const unsigned char* text = static_cast<const unsigned char*>(static_cast<const void*>(common.c_str()));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, text, -1, -1, 0);
  Key signer;
  Certificate parent;
  if (!issuer.empty()) {
    signer.reset(
        PEM_read_bio_PrivateKey(file(folder + "/" + issuer + "-key.pem", "r").get(), nullptr, nullptr, nullptr));
    parent.reset(PEM_read_bio_X509(file(folder + "/" + issuer + ".pem", "r").get(), nullptr, nullptr, nullptr));
  }
  X509* by = parent ? parent.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(by));
  extend(certificate, by, NID_basic_constraints, parent ? "critical,CA:FALSE" : "critical,CA:TRUE");
  extend(certificate, by, NID_key_usage, parent ? "critical,digitalSignature" : "critical,keyCertSign,cRLSign");
  if (parent) {
    extend(certificate, by, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    extend(certificate, by, NID_ext_key_usage, "serverAuth,clientAuth");
  }
  demand(X509_sign(certificate, signer ? signer.get() : key.get(), EVP_sha256()) > 0, "cannot sign");
  const std::string base = folder + "/" + name;
  for (const std::string& path : {base + ".pem", base + "-both.pem"}) {
    demand(PEM_write_bio_X509(file(path, "w").get(), certificate) == 1, "cannot write");
  }
  for (const auto& [path, mode] : {std::pair{base + "-key.pem", "w"}, std::pair{base + "-both.pem", "a"}}) {
    demand(PEM_write_bio_PrivateKey(file(path, mode).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
           "cannot write");
  }
}

}  // namespace tapestry::testing
