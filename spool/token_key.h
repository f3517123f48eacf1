#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace tapestry::spool {

/// What begins the name of a master key that a token guards (RFC 7512).
inline constexpr std::string_view kTokenScheme = "pkcs11:";

/// A master key that only a token can open: `wrapped` holds it, encrypted (RSA-OAEP, RFC 8017 §7.1) for the RSA key
/// pair that `uri` names, whose private half never leaves the token. Where the file is absent, a key is made and
/// wrapped. The URI must have `module-path`, enough to tell token and object apart, and `pin-source`, a file or
/// `credential:NAME` (systemd.exec(5)). The token is used inside the call only. Throws std::runtime_error when the URI
/// is wrong, the module cannot be loaded, the token refuses, or the file is damaged; no message has the PIN.
[[nodiscard]] Secret open_token_key(const std::string& uri, const std::filesystem::path& wrapped);

}  // namespace tapestry::spool
