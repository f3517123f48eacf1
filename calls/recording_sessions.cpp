#include "calls/recording_sessions.h"

#include <algorithm>

#include "calls/identity.h"
#include "calls/noting.h"
#include "sipparse/address.h"
#include "sipparse/body.h"
#include "sipparse/rs_metadata.h"
#include "sipparse/sdp.h"
#include "sipparse/text.h"

namespace tapestry::calls {
namespace {

void add_participant(RecordedMetadata& metadata, const std::string& uri, std::string name, std::string labels) {
  const std::string identity = identity_of(uri);
  if (identity.empty()) return;
  const auto have = std::ranges::find(metadata.participants, identity, &RecordedParticipant::identity);
  if (have != metadata.participants.end()) {
    if (!name.empty()) have->name = std::move(name);
    if (!labels.empty()) have->labels = std::move(labels);
  } else if (metadata.participants.size() < kMaxRecorded) {
    metadata.participants.push_back({identity, uri, std::move(name), std::move(labels)});
  }
}

void take(RecordedMetadata& metadata, const sip::RsMetadata& document) {
  for (const sip::RsParticipant& one : document.participants) {
    std::string labels;
    for (const std::string& label : one.labels) labels += (labels.empty() ? "" : " ") + label;
    add_participant(metadata, uri_of(one.aor), one.name.substr(0, kMaxNoteBytes), labels.substr(0, kMaxNoteBytes));
  }
  for (const std::string& id : document.session_ids) (void)add_once(metadata.session_ids, id, kMaxRecorded);
  for (const sip::CorrelationKey& key : document.keys) (void)add_once(metadata.keys, key, kMaxRecorded);
}

/// The phone of a built-in bridge, and the other end of its call. Not kept: such a session's SDP marks no pause.
void take_bridge(RecordedMetadata& metadata, const sip::Message& message) {
  const auto from = sip::parse_name_address(message.value(sip::HeaderName::From));
  if (!from || !from->uri) return;
  for (const char* end : {"x-nearendaddr", "x-farendaddr"}) {
    const auto number = sip::parameter(from->uri->parameters, end);
    if (number) add_participant(metadata, "sip:" + std::string(*number) + "@" + std::string(from->uri->host), {}, {});
  }
}

bool has_session(const Call& call, const RecordedMetadata& metadata) {
  return std::ranges::any_of(call.session_ids, [&](const std::optional<sip::SessionId>& id) {
    return id && (std::ranges::find(metadata.session_ids, id->local) != metadata.session_ids.end() ||
                  std::ranges::find(metadata.session_ids, id->remote) != metadata.session_ids.end());
  });
}

bool shares_key(const Call& call, const Call& session) {
  return std::ranges::any_of(call.keys, [&](const sip::CorrelationKey& key) {
    return std::ranges::find(session.keys, key) != session.keys.end();
  });
}

bool is(const Call& call, Side side, const RecordedParticipant& participant) {
  const auto& uris = call.sides[index_of(side)].uris;
  return std::ranges::any_of(uris, [&](const std::string& uri) { return identity_of(uri) == participant.identity; });
}

bool takes_part(const Call& call, Side side, const RecordedMetadata& metadata) {
  return std::ranges::any_of(metadata.participants,
                             [&](const RecordedParticipant& one) { return is(call, side, one); });
}

bool is_open(const Call& call) {
  return !call.recording_session && !call.unsignalled && !call.over && call.answered_branch() != nullptr;
}

template <class Fits>
std::vector<Call*> open_calls(CallTable& calls, const Fits& fits) {
  std::vector<Call*> found;
  for (const std::uint64_t serial : calls.all()) {
    Call* call = calls.find(serial);
    if (is_open(*call) && fits(*call)) found.push_back(call);
  }
  return found;
}

std::vector<Call*> recorded_by(const Call& session, const RecordedMetadata& metadata, CallTable& calls) {
  auto found =
      open_calls(calls, [&](const Call& call) { return has_session(call, metadata) || shares_key(call, session); });
  if (!found.empty()) return found;
  return open_calls(calls, [&](const Call& call) {
    return takes_part(call, Side::Caller, metadata) && takes_part(call, Side::Callee, metadata);
  });
}

}  // namespace

void apply_recording_metadata(Call& session, const sip::Message& message) {
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (!sip::starts_with_ignore_case(part.type, "application/rs-metadata")) continue;
    if (const auto document = sip::parse_rs_metadata(as_text(part.bytes))) take(session.recorded, *document);
  }
}

std::vector<Call*> hand_on_metadata(const Call& session, const sip::Message& message, const MessageInfo& info,
                                    CallTable& calls) {
  if (!session.recording_session || !message.request) return {};
  if (message.method != "INVITE" && message.method != "UPDATE") return {};
  RecordedMetadata metadata = session.recorded;
  take_bridge(metadata, message);
  if (metadata.participants.empty()) return {};
  std::vector<Call*> recorded = recorded_by(session, metadata, calls);
  for (Call* call : recorded) {
    for (const RecordedParticipant& one : metadata.participants) {
      for (const Side side : {Side::Caller, Side::Callee}) {
        if (!is(*call, side, one)) continue;
        SideEvidence& evidence = call->sides[index_of(side)];
        if (evidence.display_name.empty() && !evidence.anonymous) evidence.display_name = one.name;
        add_note(
            call->notes, NoteKind::CallControl,
            {{"kind", "recording-session"}, {"participant", one.uri}, {"display", one.name}, {"labels", one.labels}},
            message, info);
      }
    }
    for (const sip::CorrelationKey& key : metadata.keys) {
      if (!add_once(call->keys, key, kMaxKeys)) call->overflowed = true;
    }
  }
  return recorded;
}

std::optional<bool> stops_recording(const sip::Message& message) {
  const Bytes body = sip::sdp_body(message);
  const auto sdp = body.empty() ? std::nullopt : sip::parse_sdp(body);
  if (!sdp || sdp->media.empty()) return std::nullopt;
  return std::ranges::all_of(sdp->media, [](const sip::MediaDescription& line) {
    return line.port == 0 || line.direction == sip::Direction::Inactive;
  });
}

std::vector<Call*> recorded_calls(const Call& session, CallTable& calls) {
  return recorded_by(session, session.recorded, calls);
}

}  // namespace tapestry::calls
