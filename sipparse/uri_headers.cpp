#include "sipparse/uri_headers.h"

#include "sipparse/text.h"
#include "sipparse/uri.h"

namespace tapestry::sip {

std::optional<UriHeader> take_uri_header(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  std::string_view value = take_until(rest, '&');
  const std::string_view name = take_until(value, '=');
  return UriHeader{unescape(trim(name)), value};
}

}  // namespace tapestry::sip
