#pragma once
#include <cstdint>
#include <string_view>

#include "sipparse/message.h"

namespace tapestry::sip {

/// Which addresses a header field takes.
enum class AddressForm : std::uint8_t {
  Any,        ///< name-addr / addr-spec
  Bracketed,  ///< name-addr alone: Route, Record-Route, ...
};

/// From, To, Refer-To, ...: one address and its parameters (RFC 3261 §20.20); a tag must be a token.
Verdict check_address(std::string_view value, AddressForm form) noexcept;
/// A comma list of these, none empty.
Verdict check_addresses(std::string_view value, AddressForm form) noexcept;
/// Contact: `*` or a list, `q` in 0..1 and `expires` below 2^32 (§20.10).
Verdict check_contact(std::string_view value) noexcept;
/// Via (§20.42, §25.1): a list, no empty parameters, `ttl` in 0..255, `received` an address without brackets (RFC 5118
/// §4.5).
Verdict check_via(std::string_view value) noexcept;

/// Whether what stands behind a header's main value is empty or `;name[=value]...`, none empty.
bool are_parameters(std::string_view text) noexcept;

}  // namespace tapestry::sip
