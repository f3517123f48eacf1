#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::sip {

/// A parsed URI: sip, sips (RFC 3261 §19.1) or tel (RFC 3966); views into the text parsed.
struct Uri {
  std::string_view scheme;      ///< as written; compare without case
  std::string_view user;        ///< sip: before `@`, without password, still escaped; tel: the number with its visual
                                ///< separators; other schemes: all behind the colon
  std::string_view host;        ///< without brackets' meaning changed: `[2001:db8::1]` keeps them; empty for tel
  std::uint16_t port = 0;       ///< 0 when none is written
  std::string_view parameters;  ///< behind the first `;`, without it
  std::string_view headers;     ///< behind `?`, without it
};

/// Reads a URI; any scheme is taken, sip/sips/tel are taken apart. Nothing when there is no scheme or host.
std::optional<Uri> parse_uri(std::string_view text) noexcept;

/// Address of record: `scheme:user@host`, lower-case scheme and host, user unescaped where that is safe (RFC 3986
/// §2.3's unreserved characters; other escapes get upper-case digits), tel numbers without visual separators; no port,
/// no parameters. `sips` stays `sips`. Never longer than the input plus one.
std::string address_of_record(const Uri& uri);

/// Undoes %-escapes; malformed ones stay as they are. NUL bytes stay escaped.
std::string unescape(std::string_view text);

}  // namespace tapestry::sip
