#pragma once
#include <vector>

#include "calls/call.h"
#include "calls/signalling.h"

namespace tapestry::calls {

/// Takes one message's SDP, as its m-lines in order (none: it has no SDP): pairs it with the other end's SDP of the
/// same transaction on the same hop, and adds to Call::agreements what the two agree on, m-line by m-line (RFC 3264
/// §6). What is refused, or never answered, is none; nor does a provisional response settle a re-INVITE before its 2xx.
void note_session(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                  std::vector<SessionLine> lines);

/// The agreements between two ends' addresses, oldest first: those that name a claim of either set, or where one set
/// is empty (an end behind a NAT), those that name one of the other. Views of the call.
std::vector<const Agreement*> agreements_between(const Call& call, const ClaimSet& one, const ClaimSet& other);

}  // namespace tapestry::calls
