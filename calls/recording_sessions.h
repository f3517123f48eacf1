#pragma once
#include <optional>
#include <string>
#include <vector>

#include "calls/call_table.h"
#include "calls/conversation_table.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Takes what a recording session's message says of the call that it records: participants and Session-IDs in its
/// metadata (RFC 7865), correlation keys of its headers.
void apply_recording_metadata(Call& session, const sip::Message& message);

/// Whether the SDP of a recording session's message stops all media that it describes (RFC 7866 §7.1.1.2), or lets some
/// flow. Nothing without SDP.
std::optional<bool> stops_recording(const sip::Message& message);

/// The open calls that the session records: those with one of its keys, else those whose both ends take part. Linear in
/// the open calls.
std::vector<Call*> recorded_calls(const Call& session, CallTable& calls);

}  // namespace tapestry::calls
