#pragma once
#include <string_view>

#include "sipparse/message.h"

namespace tapestry::calls {

/// The first body part of that type (in any case) in a NOTIFY request (RFC 6665); empty when the message has none. A
/// view into the message.
std::string_view notified(const sip::Message& message, std::string_view type);

}  // namespace tapestry::calls
