#pragma once
#include <string>

namespace tapestry::verify {

/// An Ogg Opus file (RFC 7845): mono, `seconds` of silence, one page per second.
[[nodiscard]] std::string ogg_opus(unsigned seconds);

}  // namespace tapestry::verify
