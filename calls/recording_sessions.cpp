#include "calls/recording_sessions.h"

#include <algorithm>

#include "calls/identity.h"
#include "sipparse/body.h"
#include "sipparse/sdp.h"
#include "sipparse/session_id.h"
#include "sipparse/text.h"
#include "sipparse/xml.h"

namespace tapestry::calls {
namespace {

constexpr std::size_t kMaxParticipants = 32;

void read_element(const sip::XmlElement& element, RecordedMetadata& metadata) {
  if (element.name == "nameID") {
    const std::string name = identity_of(uri_of(element.attribute("aor")));
    if (!name.empty()) (void)add_once(metadata.participants, name, kMaxParticipants);
  }
  if (element.name == "sipSessionID") {
    const std::string id = element.text.substr(0, element.text.find(';'));
    if (!id.empty() && id != sip::kNilUuid) (void)add_once(metadata.session_ids, id, kMaxParticipants);
  }
  for (const sip::XmlElement& child : element.children) read_element(child, metadata);
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

bool takes_part(const Call& call, Side side, const RecordedMetadata& metadata) {
  const auto& uris = call.sides[index_of(side)].uris;
  return std::ranges::any_of(uris, [&](const std::string& uri) {
    return std::ranges::find(metadata.participants, identity_of(uri)) != metadata.participants.end();
  });
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

}  // namespace

void apply_recording_metadata(Call& session, const sip::Message& message) {
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (!sip::starts_with_ignore_case(part.type, "application/rs-metadata")) continue;
    if (const auto root = sip::parse_xml(as_text(part.bytes))) read_element(*root, session.recorded);
  }
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
  auto found = open_calls(
      calls, [&](const Call& call) { return has_session(call, session.recorded) || shares_key(call, session); });
  if (!found.empty()) return found;
  return open_calls(calls, [&](const Call& call) {
    return takes_part(call, Side::Caller, session.recorded) && takes_part(call, Side::Callee, session.recorded);
  });
}

}  // namespace tapestry::calls
