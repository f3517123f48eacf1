#pragma once
#include "calls/call.h"
#include "calls/correlator.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Takes what a message of the call says of others: Replaces, Join and Target-Dialog of an initial INVITE, a REFER, its
/// response, the outcome that a NOTIFY tells of it (RFC 3515 §2.4), a conference's Contact. Copies change nothing.
void apply_references(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides);

/// A REFER outside of the call whose Target-Dialog names it (RFC 4538 §6). Who receives it is asked to call; its peer
/// counts as who asks, whoever sent it.
void apply_outside_refer(Call& call, const sip::Message& message, const MessageInfo& info);

/// Whether the tags of `dialog` are the call's, in either order; true while the call has none to compare.
bool names(const sip::DialogReference& dialog, const Call& call);

/// Whether its tags are one of each side's: who knows both is a part of the dialog (RFC 4538 §1).
bool knows(const sip::DialogReference& dialog, const Call& call);

/// The call's referral that asked for the INVITE that `made` begins with; nullptr when none did. That INVITE goes to
/// its target, from a host of the call (or names the referrer in Referred-By), within 32 s (or, while NOTIFYs tell that
/// it goes on, before its final one).
Referral* referral_for(Call& call, const Call& made);

}  // namespace tapestry::calls
