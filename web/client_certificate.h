#pragma once
#include <optional>
#include <string>

namespace tapestry::web {

/// Subject (RFC 4514) of the certificate that the other end of a GnuTLS session showed. Nothing when it showed none, or
/// one that the session's authorities did not sign for clients, or that is not valid now. `session` is a
/// gnutls_session_t.
[[nodiscard]] std::optional<std::string> verified_subject(void* session);

}  // namespace tapestry::web
