#pragma once
#include "calls/call.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Keeps the Session-ID (RFC 7989) of the message's sender, the last one that names its own UUID.
void keep_session_id(Call& call, const sip::Message& message, const MessageSides& sides);

/// An end's UUIDs: as it sent them; what it left open is filled in from what the other end sent. Nothing when neither
/// named this end.
std::optional<sip::SessionId> session_id_of(const Call& call, Side side);

}  // namespace tapestry::calls
