#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sipparse/parameters.h"
#include "sipparse/text.h"
#include "sipparse/uri.h"
#include "sipparse/via.h"

namespace tapestry::sip {

/// A name-addr or addr-spec header value (From, To, Contact, Refer-To, ...; RFC 3261 §20).
struct NameAddress {
  std::string_view display_name;  ///< without quotes, escapes left as they are
  std::string_view uri_text;      ///< what is between `<` and `>`, or the addr-spec
  std::optional<Uri> uri;
  std::string_view parameters;  ///< header parameters behind the first `;`, without it
};

/// Reads one value. Without `<` the parameters belong to the header, not the URI (RFC 3261 §20.10). Nothing when there
/// is neither a URI nor a display name.
std::optional<NameAddress> parse_name_address(std::string_view value) noexcept;

/// Display name in plain text: backslash escapes undone, tabs made blanks, control characters and line ends dropped.
std::string plain_display_name(std::string_view display_name);

}  // namespace tapestry::sip
