#pragma once
#include "calls/note.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Notes how a call came where it is. Field `kind`: `diversion` (RFC 5806: uri, reason, counter, privacy, screen),
/// `history-info` (RFC 7044: uri, index, reason and cause that the entry's URI carries, and `rc`, `mp` or `np` with the
/// index that it came from), `forwarded` (a 181: uri of its Contact, reason) and `redirect` (each Contact of a 3xx to
/// an INVITE: uri, reason, q).
void note_redirection(Notes& notes, const sip::Message& message, const MessageInfo& info);

}  // namespace tapestry::calls
