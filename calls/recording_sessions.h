#pragma once
#include <optional>
#include <string>
#include <vector>

#include "calls/call_table.h"
#include "calls/conversation_table.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Takes what a recording session's message says of the call that it records: participants, Session-IDs and vendors'
/// keys in its metadata (RFC 7865).
void apply_recording_metadata(Call& session, const sip::Message& message);

/// Whether the SDP of a recording session's message stops all media that it describes (RFC 7866 §7.1.1.2), or lets some
/// flow. Nothing without SDP.
std::optional<bool> stops_recording(const sip::Message& message);

/// Hands on what is known by an INVITE or UPDATE of a recording session, also by the From of Cisco's built-in bridge:
/// to the calls that it records go the names of participants who have none there, the keys, and a note of each
/// participant. Who takes no part there is left out. Gives those calls.
std::vector<Call*> hand_on_metadata(const Call& session, const sip::Message& message, const MessageInfo& info,
                                    CallTable& calls);

/// The open calls that the session records: those with one of its keys, else those whose both ends take part. Linear in
/// the open calls.
std::vector<Call*> recorded_calls(const Call& session, CallTable& calls);

}  // namespace tapestry::calls
