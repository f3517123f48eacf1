#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::sip {

/// A parsed URI: sip, sips (RFC 3261 §19.1) or tel (RFC 3966); views into the text parsed.
struct Uri {
  std::string_view scheme;      ///< as written; compare without case
  std::string_view user;        ///< sip: before `@`, without password, still escaped; tel: the number with its visual separators
  std::string_view host;        ///< without brackets' meaning changed: `[2001:db8::1]` keeps them; empty for tel
  std::uint16_t port = 0;       ///< 0 when none is written
  std::string_view parameters;  ///< behind the first `;`, without it
  std::string_view headers;     ///< behind `?`, without it
};

/// Reads a URI; any scheme is taken, sip/sips/tel are taken apart. Nothing when there is no scheme or host.
std::optional<Uri> parse_uri(std::string_view text) noexcept;

/// Address of record: `scheme:user@host`, lower-case scheme and host, user unescaped where that is safe, tel numbers without visual
/// separators; no port, no parameters. `sips` stays `sips`. Never longer than the input plus one.
std::string address_of_record(const Uri& uri);

/// A name-addr or addr-spec header value (From, To, Contact, Refer-To, ...; RFC 3261 §20).
struct NameAddress {
  std::string_view display_name;  ///< without quotes, escapes left as they are
  std::string_view uri_text;      ///< what is between `<` and `>`, or the addr-spec
  std::optional<Uri> uri;
  std::string_view parameters;  ///< header parameters behind the first `;`, without it
};

/// Reads one value. Without `<` the parameters belong to the header, not the URI (RFC 3261 §20.10).
std::optional<NameAddress> parse_name_address(std::string_view value) noexcept;

/// Splits a comma list at top level: commas inside quotes and angle brackets do not count. At most `limit` values.
std::vector<std::string_view> split_list(std::string_view value, std::size_t limit = 64);

/// Value of parameter `name` (any case) in `a=b;c;d="e"`; empty view for one without value, quotes removed; nothing when absent.
std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) noexcept;

/// Undoes %-escapes; malformed ones stay as they are. NUL bytes stay escaped.
std::string unescape(std::string_view text);

/// Display name in plain text: backslash escapes undone, control characters dropped.
std::string plain_display_name(std::string_view display_name);

/// ASCII comparison without case.
bool equals_ignore_case(std::string_view a, std::string_view b) noexcept;

/// Top-most Via's branch parameter and sent-by, for telling transactions and hops apart (RFC 3261 §20.42).
struct Via {
  std::string_view transport;
  std::string_view sent_by;
  std::string_view branch;
};
std::optional<Via> parse_via(std::string_view value) noexcept;

}  // namespace tapestry::sip
