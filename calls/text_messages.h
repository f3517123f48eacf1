#pragma once
#include "calls/call.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Bounds of one call: messages beyond are left out and counted, longer ones are cut.
inline constexpr std::size_t kMaxTexts = 64;
inline constexpr std::size_t kMaxTextBytes = 16U << 10U;

/// Keeps what a MESSAGE (RFC 3428) inside the call's dialog says, when it is text; once, however many hops it passed.
/// Card numbers are masked.
void keep_text(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides);

}  // namespace tapestry::calls
