#include "web/client_certificate.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <memory>
#include <string_view>
#include <type_traits>

#include "core/release.h"

namespace tapestry::web {
namespace {

using Certificate = std::unique_ptr<std::remove_pointer_t<gnutls_x509_crt_t>, Release<gnutls_x509_crt_deinit>>;

bool is_trusted(gnutls_session_t session) {
  std::string purpose = GNUTLS_KP_TLS_WWW_CLIENT;
  gnutls_typed_vdata_st wanted{};
  wanted.type = GNUTLS_DT_KEY_PURPOSE_OID;
  wanted.data = static_cast<unsigned char*>(static_cast<void*>(purpose.data()));
  unsigned faults = 0;
  return gnutls_certificate_verify_peers(session, &wanted, 1, &faults) == GNUTLS_E_SUCCESS && faults == 0;
}

}  // namespace

std::optional<std::string> verified_subject(void* session_of_peer) {
  const auto session = static_cast<gnutls_session_t>(session_of_peer);
  unsigned count = 0;
  const gnutls_datum_t* shown = gnutls_certificate_get_peers(session, &count);
  if (shown == nullptr || count == 0 || !is_trusted(session)) return std::nullopt;
  gnutls_x509_crt_t made = nullptr;
  if (gnutls_x509_crt_init(&made) != GNUTLS_E_SUCCESS) return std::nullopt;
  const Certificate certificate(made);
  gnutls_datum_t name{};
  if (gnutls_x509_crt_import(made, shown, GNUTLS_X509_FMT_DER) != GNUTLS_E_SUCCESS ||
      gnutls_x509_crt_get_dn3(made, &name, 0) != GNUTLS_E_SUCCESS) {
    return std::nullopt;
  }
  const void* text = name.data;
  std::string subject(static_cast<const char*>(text), name.size);
  gnutls_free(name.data);
  return subject;
}

}  // namespace tapestry::web
