#pragma once
#include "sipparse/message.h"

namespace tapestry::sip {

/// Judges one header field by itself: its name is a token, its value what RFC 3261 §20 and §25.1 (or the field's own
/// RFC) want. Fields that HeaderName does not list may hold anything.
Verdict check_header(const Header& header) noexcept;

}  // namespace tapestry::sip
