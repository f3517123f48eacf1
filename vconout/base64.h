#pragma once
#include <string>

#include "core/bytes.h"

namespace tapestry::vconout {

/// RFC 4648 §4, padded: what x5c holds (RFC 7515 §4.1.6).
std::string base64(Bytes bytes);

/// RFC 4648 §5 without padding (RFC 7515 §2).
std::string base64url(Bytes bytes);

}  // namespace tapestry::vconout
