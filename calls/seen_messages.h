#pragma once
#include <vector>

#include "calls/call.h"
#include "calls/signalling.h"

namespace tapestry::calls {

/// Both tags, as the message has them: the same in a request and in what answers it.
std::string dialog_of(const MessageSides& sides);

/// What tells a message from all others of its call.
SeenMessage seen_of(const sip::Message& message, const MessageSides& sides);

/// Whether the message was looked at before, in a retransmission or on another hop; it is now. Of each list the last
/// kMaxSeenMarkers are remembered.
bool is_copy(std::vector<SeenMessage>& seen, const SeenMessage& message);

/// Whether its sender said something later before it, in the same dialog (RFC 3261 §12.2.1.1: CSeq grows).
bool is_old(const std::vector<SeenMessage>& seen, const SeenMessage& message);

}  // namespace tapestry::calls
