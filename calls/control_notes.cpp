#include "calls/control_notes.h"

#include <algorithm>

#include "calls/identity.h"
#include "calls/notified.h"
#include "calls/noting.h"
#include "calls/offers.h"
#include "calls/roster.h"
#include "calls/user_to_user_notes.h"
#include "sipparse/address.h"
#include "sipparse/dialog_info.h"
#include "sipparse/dialog_reference.h"

namespace tapestry::calls {
namespace {

using Fields = std::vector<NoteField>;

std::string_view target_call_id(const sip::Message& message) noexcept {
  std::string_view value = message.value(sip::HeaderName::TargetDialog);
  return sip::trim(sip::take_until(value, ';'));
}

void note_feature(Notes& notes, const sip::Message& message, const MessageInfo& info) {
  if (!message.request || message.method != "REFER") return;
  const auto target = sip::parse_refer_to(message.value(sip::HeaderName::ReferTo));
  if (!target) return;
  std::string_view parameters = target->feature;
  const std::string_view feature = sip::take_until(parameters, ';');
  if (feature.empty()) return;
  add_note(notes, NoteKind::CallControl,
           {{"kind", "feature-referral"},
            {"feature", std::string(feature)},
            {"parameters", std::string(parameters)},
            {"target_dialog", std::string(target_call_id(message))},
            {"refer_sub", std::string(message.value(sip::HeaderName::ReferSub))}},
           message, info);
}

Fields fields_of(const sip::DialogInfo& document, const sip::DialogState& dialog) {
  return {{"kind", "dialog"},
          {"entity", document.entity},
          {"version", document.version},
          {"id", dialog.id},
          {"dialog_call_id", dialog.call_id},
          {"local_tag", dialog.local_tag},
          {"remote_tag", dialog.remote_tag},
          {"direction", dialog.direction},
          {"state", dialog.state},
          {"event", dialog.event},
          {"code", dialog.code},
          {"duration", dialog.duration},
          {"replaces", dialog.replaces},
          {"referred_by", dialog.referred_by},
          {"local_identity", dialog.local.identity},
          {"local_display", dialog.local.display},
          {"local_target", dialog.local.target},
          {"local_rendering", dialog.local.rendering},
          {"remote_identity", dialog.remote.identity},
          {"remote_display", dialog.remote.display},
          {"remote_target", dialog.remote.target},
          {"remote_rendering", dialog.remote.rendering}};
}

Fields fields_of(const sip::ConferenceInfo& document, const sip::ConferenceEndpoint& endpoint) {
  return {{"kind", "conference"},
          {"entity", document.entity},
          {"version", document.version},
          {"document", document.state},
          {"user_count", document.user_count},
          {"user", endpoint.user},
          {"display", endpoint.display},
          {"roles", endpoint.roles},
          {"user_state", endpoint.user_state},
          {"endpoint", endpoint.endpoint},
          {"endpoint_state", endpoint.state},
          {"status", endpoint.status},
          {"joined", endpoint.joined},
          {"disconnection", endpoint.disconnection},
          {"referred_by", endpoint.referred_by},
          {"audio", endpoint.audio}};
}

std::optional<sip::DialogInfo> dialog_info_in(const sip::Message& message) {
  const std::string_view text = notified(message, "application/dialog-info+xml");
  return text.empty() ? std::nullopt : sip::parse_dialog_info(text);
}

void note_conference(Notes& notes, const sip::ConferenceInfo& conference, const sip::Message& message,
                     const MessageInfo& info) {
  for (const sip::ConferenceEndpoint& endpoint : conference.endpoints) {
    add_note(notes, NoteKind::CallControl, fields_of(conference, endpoint), message, info);
  }
}

/// A conference whose Contact and entity differ in the host is the same where it signals from the same one.
std::string place_of(const std::string& focus, const IpAddress& host) {
  const std::string user = identity_of(focus);
  return user.empty() ? focus : user + " " + host.to_string();
}

/// `+sip.rendering="no"` (RFC 4235 §5.2) at an end's own target: it holds the other, whatever its SDP says.
void apply_rendering(Call& call, const std::string& tag, const std::string& rendering, Time time) {
  if (rendering.empty() || tag.empty()) return;
  for (const Side side : {Side::Caller, Side::Callee}) {
    const auto& tags = side == Side::Caller ? call.caller_tags : call.callee_tags;
    if (std::ranges::find(tags, tag) != tags.end()) set_hold(call, side, rendering == "no", time);
  }
}

void apply_state(Call& call, const sip::DialogState& dialog, Time time) {
  apply_rendering(call, dialog.local_tag, dialog.local.rendering, time);
  if (dialog.replaces.empty() || call.references.size() >= kMaxReferences) return;
  // Without its tags, which the Call-ID alone must do for.
  const auto known = [&](const Reference& have) { return have.dialog.call_id == dialog.replaces; };
  if (std::ranges::none_of(call.references, known))
    call.references.push_back({LinkKind::DialogInfo, {dialog.replaces, "0", "0", false}, time});
}

}  // namespace

void note_call_control(Notes& notes, const sip::Message& message, const MessageInfo& info) {
  note_feature(notes, message, info);
  if (const auto dialogs = dialog_info_in(message)) {
    for (const sip::DialogState& dialog : dialogs->dialogs) {
      add_note(notes, NoteKind::CallControl, fields_of(*dialogs, dialog), message, info);
    }
  }
  if (const auto conference = conference_info_in(message)) note_conference(notes, *conference, message, info);
}

void ControlBook::learn(const Call& call) {
  if (call.focus.empty()) return;
  remember(call.focus, call.serial);
  remember(place_of(call.focus, host_of(call, call.focus_side)), call.serial);
}

void ControlBook::remember(const std::string& conference, std::uint64_t serial) {
  if (!focuses_.insert_or_assign(conference, serial).second) return;
  order_.push_back(conference);
  if (order_.size() <= kMaxConferences) return;
  focuses_.erase(order_.front());
  order_.pop_front();
  ++forgotten_;
}

std::vector<Call*> ControlBook::note(const sip::Message& message, const MessageInfo& info) {
  if (!message.request || (message.method != "REFER" && message.method != "NOTIFY")) return {};
  if (Call* call = calls_.find(target_call_id(message))) {
    note_user_to_user(call->notes, message, info);
    note_call_control(call->notes, message, info);
    return {call};
  }
  std::vector<Call*> about;
  if (const auto dialogs = dialog_info_in(message)) {
    for (const sip::DialogState& dialog : dialogs->dialogs) {
      Call* call = calls_.find(dialog.call_id);
      if (call == nullptr) continue;
      add_note(call->notes, NoteKind::CallControl, fields_of(*dialogs, dialog), message, info);
      apply_state(*call, dialog, info.time);
      about.push_back(call);
    }
  }
  if (const auto conference = conference_info_in(message)) {
    auto found = focuses_.find(focus_of(*conference));
    if (found == focuses_.end()) found = focuses_.find(place_of(focus_of(*conference), info.source.ip));
    Call* call = found == focuses_.end() ? nullptr : calls_.find(found->second);
    if (call == nullptr) return about;
    note_conference(call->notes, *conference, message, info);
    about.push_back(call);
  }
  return about;
}

}  // namespace tapestry::calls
