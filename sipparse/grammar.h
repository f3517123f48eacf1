#pragma once
#include <string_view>

namespace tapestry::sip {

// RFC 3261 §25.1's rules, strictly: each function says whether the whole text is one.

bool is_token(std::string_view text) noexcept;
/// `1*DIGIT`
bool is_number(std::string_view text) noexcept;
/// With its quotes.
bool is_quoted_string(std::string_view text) noexcept;
/// `word`, the half of a Call-ID.
bool is_word(std::string_view text) noexcept;
/// host name, IPv4address or IPv6reference (`[` and `]`; RFC 5954).
bool is_host(std::string_view text) noexcept;
/// `host [COLON port]`; with `blanks`, LWS may stand around the colon (Via's sent-by).
bool is_host_port(std::string_view text, bool blanks) noexcept;
/// `token / host / quoted-string`, the value of a generic parameter.
bool is_parameter_value(std::string_view text) noexcept;

/// SIP-URI, SIPS-URI, tel URI (RFC 3966) or absoluteURI.
bool is_uri(std::string_view text) noexcept;
/// The same without a SIP URI's headers, which a Request-URI must not have (§19.1.1).
bool is_request_uri(std::string_view text) noexcept;

}  // namespace tapestry::sip
