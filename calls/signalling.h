#pragma once
#include <string>
#include <string_view>

#include "calls/call.h"
#include "calls/correlator.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// The tags and the side of one message, read once.
struct MessageSides {
  std::string_view from_tag;
  std::string_view to_tag;
  Side sender = Side::Caller;     ///< who wrote this message
  Side requester = Side::Caller;  ///< who wrote the request that it is or answers
};

/// Whether a message may begin a call: an INVITE, or an answer to one other than 100.
bool begins_call(const sip::Message& message) noexcept;

/// Whether the message belongs to a recording session (RFC 7866: `Require: siprec`, Contact with +sip.src or +sip.srs,
/// a body with recording metadata; Cisco's built-in bridge: From with x-refci and x-nearend or x-farend), which is not
/// a conversation.
bool is_recording_session(const sip::Message& message);

/// Takes one message into the call: tags, hops, branches, answers, failures, ends, and who is who. RFC 3261 §12-15.
/// Returns whose message it was. Retransmissions and copies on other hops change nothing but counts.
MessageSides apply_message(Call& call, const sip::Message& message, const MessageInfo& info);

/// Whether the message is part of what begins a dialog of the call: its INVITE, an answer to that, its ACK, and what is
/// negotiated before the answer (PRACK, UPDATE).
bool is_initial(const Call& call, const sip::Message& message, const MessageSides& sides);

/// Whether an SDP in it is an offer or an answer (RFC 6337 §2.2); one in other messages only tells what is possible.
bool negotiates(const sip::Message& message) noexcept;

/// Whether a header tells how a call came: the queue or the numbers that it was sent on from.
bool tells_queue(const sip::Header& header);

/// Index of the hop that the message took, added when it is new.
std::size_t hop_of(Call& call, const MessageInfo& info);

/// The address of record in a name-addr header value; empty when there is none.
std::string uri_of(std::string_view name_address);

}  // namespace tapestry::calls
