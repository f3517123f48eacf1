#include "tests/support/tls_peers.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>

#include "core/release.h"

namespace tapestry::testing {
namespace {

using Context = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Release<SSL_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;

void require(bool good) {
  if (!good) throw std::runtime_error("libssl refused");
}

Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  require(X509_set_version(certificate.get(), 2) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  require(X509_set_pubkey(certificate.get(), key) == 1);
  require(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  return certificate;
}

Context context_of(const TlsOptions& options) {
  Context context(SSL_CTX_new(options.datagrams ? DTLS_method() : TLS_method()));
  require(context != nullptr);
  const int version = options.datagrams ? DTLS1_2_VERSION : options.tls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
  require(SSL_CTX_set_min_proto_version(context.get(), version) == 1);
  require(SSL_CTX_set_max_proto_version(context.get(), version) == 1);
  if (!options.suite.empty()) {
    const bool tls13 = options.tls13 && !options.datagrams;
    require((tls13 ? SSL_CTX_set_ciphersuites(context.get(), options.suite.c_str())
                   : SSL_CTX_set_cipher_list(context.get(), options.suite.c_str())) == 1);
  }
  if (!options.srtp.empty()) require(SSL_CTX_set_tlsext_use_srtp(context.get(), options.srtp.c_str()) == 0);
  if (options.padding != 0) require(SSL_CTX_set_block_padding(context.get(), options.padding) == 1);
  SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY);
  return context;
}

Session session_of(SSL_CTX* context) {
  Session session(SSL_new(context));
  require(session != nullptr);
  SSL_set_bio(session.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_options(session.get(), SSL_OP_NO_QUERY_MTU);
  DTLS_set_link_mtu(session.get(), 1200);
  return session;
}

}  // namespace

struct TlsPeers::State {
  Context client_context;
  Context server_context;
  Session client;
  Session server;
  std::string log;
  std::vector<Piece> pieces;

  [[nodiscard]] SSL* end(bool up) const { return up ? client.get() : server.get(); }

  /// What one end wrote goes to the other.
  void carry(bool up) {
    BIO* out = SSL_get_wbio(end(up));
    std::string bytes(BIO_ctrl_pending(out), '\0');
    if (bytes.empty()) return;
    require(BIO_read(out, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()));
    require(BIO_write(SSL_get_rbio(end(!up)), bytes.data(), static_cast<int>(bytes.size())) > 0);
    pieces.push_back({up, std::move(bytes)});
  }

  /// One end reads what came.
  void read(bool up) {
    std::array<char, 20'000> text{};
    while (SSL_read(end(up), text.data(), static_cast<int>(text.size())) > 0) {
    }
  }
};

TlsPeers::TlsPeers(const TlsOptions& options) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.client_context = context_of(options);
  state.server_context = context_of(options);
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = self_signed(key.get());
  require(SSL_CTX_use_certificate(state.server_context.get(), certificate.get()) == 1);
  require(SSL_CTX_use_PrivateKey(state.server_context.get(), key.get()) == 1);
  if (options.retry) require(SSL_CTX_set1_groups_list(state.server_context.get(), "P-384") == 1);
  SSL_CTX_set_app_data(state.client_context.get(), &state.log);
  SSL_CTX_set_keylog_callback(state.client_context.get(), [](const SSL* session, const char* line) {
    auto* log = static_cast<std::string*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(session)));
    log->append(line).append("\n");
  });
  state.client = session_of(state.client_context.get());
  state.server = session_of(state.server_context.get());
  SSL_set_connect_state(state.client.get());
  SSL_set_accept_state(state.server.get());
}

TlsPeers::~TlsPeers() = default;

void TlsPeers::shake_hands() {
  for (int round = 0; round < 10; ++round) {
    const bool client = SSL_do_handshake(state_->client.get()) == 1;
    state_->carry(true);
    const bool server = SSL_do_handshake(state_->server.get()) == 1;
    state_->carry(false);
    if (client && server) {
      state_->read(true);  // tickets
      return;
    }
  }
  throw std::runtime_error("no handshake");
}

void TlsPeers::send(bool up, std::string_view text) {
  require(SSL_write(state_->end(up), text.data(), static_cast<int>(text.size())) > 0);
  state_->carry(up);
  state_->read(!up);
  state_->carry(!up);
}

void TlsPeers::update_keys(bool up) {
  require(SSL_key_update(state_->end(up), SSL_KEY_UPDATE_REQUESTED) == 1);
  require(SSL_do_handshake(state_->end(up)) == 1);
  state_->carry(up);
  state_->read(!up);
}

void TlsPeers::close(bool up) {
  SSL_shutdown(state_->end(up));
  state_->carry(up);
}

const std::vector<TlsPeers::Piece>& TlsPeers::pieces() const noexcept { return state_->pieces; }

std::string TlsPeers::wire(bool up) const {
  std::string all;
  for (const Piece& piece : state_->pieces) {
    if (piece.up == up) all += piece.bytes;
  }
  return all;
}

const std::string& TlsPeers::key_log() const noexcept { return state_->log; }

std::string TlsPeers::exported(std::string_view label, std::size_t size) const {
  std::string out(size, '\0');
  std::vector<unsigned char> octets(size);
  require(SSL_export_keying_material(state_->client.get(), octets.data(), size, label.data(), label.size(), nullptr, 0,
                                     0) == 1);
  out.assign(octets.begin(), octets.end());
  return out;
}

}  // namespace tapestry::testing
