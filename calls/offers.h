#pragma once
#include "calls/call.h"
#include "calls/signalling.h"
#include "sipparse/sdp.h"

namespace tapestry::calls {

/// From `time` on `side` holds the other end, or does no longer.
void set_hold(Call& call, Side side, bool holds, Time time);

/// Takes a message's part in offer/answer (RFC 3264, RFC 6337): claims the addresses that its SDP names (endpoints of
/// new claims are appended to `claimed`), and follows who holds whom, and who mutes itself: an
/// end that only receives, unless that is because it is held. Both count from the request and only when it was
/// accepted. `media` is the message's SDP, if it has one.
void apply_offer_answer(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                        const sip::Sdp* media, std::vector<Endpoint>& claimed);

}  // namespace tapestry::calls
