#pragma once
#include <optional>
#include <string_view>

namespace tapestry::sip {

/// Bound: a longer PASSporT is none.
inline constexpr std::size_t kMaxPassportBytes = 8192;

/// The PASSporT in compact form (RFC 8225 §6) that an Identity header carries before its parameters (RFC 8224 §4): JWS
/// compact serialization, three parts of base64url, as a view into `value`. Nothing when it is none, has RFC 8224's
/// compact form without header and claims (`..signature`), or is one of a redirection (`ppt=div`, RFC 8946). Not
/// verified.
std::optional<std::string_view> passport_of(std::string_view value) noexcept;

}  // namespace tapestry::sip
