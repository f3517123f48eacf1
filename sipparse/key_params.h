#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/secret.h"

namespace tapestry::sip {

/// One key of a=crypto's key-params: master key and salt in one, and the MKI that its packets carry.
struct InlineKey {
  Secret key_salt;
  std::vector<std::uint8_t> mki;  ///< as on the wire, 0 to kMostMkiBytes
};

/// Bounds: keys beyond are dropped.
inline constexpr std::size_t kMaxInlineKeys = 8;
inline constexpr std::uint32_t kMostMkiBytes = 128;

/// Reads `inline:BASE64|2^31|1:4;inline:...` (RFC 4568 §6.1). Lifetimes are read over: who listens keeps no count.
/// Lenient: base64 without its padding, fields in either order. A key that cannot be read is left out.
std::vector<InlineKey> parse_key_params(std::string_view text);

}  // namespace tapestry::sip
