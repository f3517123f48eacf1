#pragma once
#include <string>
#include <string_view>

namespace tapestry::vconout {

/// `text` as valid UTF-8: each ill-formed sequence becomes one U+FFFD, cut as in Unicode 15 §3.9 (maximal subparts);
/// the rest stays as it is. For whatever came from the wire: JSON holds nothing else (RFC 8259 §8.1).
std::string to_utf8(std::string_view text);

}  // namespace tapestry::vconout
