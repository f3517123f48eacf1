#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::sip {

/// One header field that a URI hands on to the request that is formed from it (RFC 3261 §19.1.1), as in
/// `<sip:1001@example.com?User-to-User=56a3%3Bencoding%3Dhex>`; the body's name is `body`.
struct UriHeader {
  std::string name;        ///< unescaped
  std::string_view value;  ///< still escaped
};

/// Takes the next one off what stands behind a URI's `?`; nothing at its end. Empty ones come, too. Linear.
std::optional<UriHeader> take_uri_header(std::string_view& rest);

}  // namespace tapestry::sip
