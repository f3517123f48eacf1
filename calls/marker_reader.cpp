#include "calls/marker_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "calls/recording_sessions.h"
#include "calls/referrals.h"
#include "sipparse/body.h"
#include "sipparse/dtmf_body.h"

namespace tapestry::calls {
namespace {

using pause::Action;
using pause::Kind;
using pause::Recording;

/// A 2xx that was captured before its request came so shortly before it.
constexpr Duration kDisorder = std::chrono::seconds(1);
constexpr std::size_t kMaxOutside = 256;

/// Whether the message comes after all of its sender's that were looked at; if so it is the last one now.
bool is_new(MarkerState& markers, const sip::Message& message, Side sender) {
  const int step = message.request ? (message.method == "ACK" ? 1 : 0) : (message.status >= 200 ? 1 : 0);
  auto& last = (message.request ? markers.last_request : markers.last_response)[index_of(sender)];
  const std::pair now{message.cseq, step};
  if (now <= last) return false;
  last = now;
  return true;
}

Recording& state_of(MarkerState& markers, Kind kind, Side sender) {
  return (kind == Kind::RecordAttribute ? markers.state : markers.preference)[index_of(sender)];
}

}  // namespace

MarkerReader::MarkerReader(const Rules& rules, PauseDesk& desk, CallTable& calls, const PauseOrigin& origin,
                           ConversationTable& conversations, KeyListener& keys)
    : desk_(desk),
      calls_(calls),
      origin_(origin),
      conversations_(conversations),
      keys_(keys),
      places_(rules, desk, conversations) {}

Asked MarkerReader::asked_of(std::size_t rule, Action action, const sip::Message& message,
                             const MessageInfo& info) const {
  return {.rule = rule,
          .action = action,
          .mark = mark_of(desk_.markers().rules()[rule].name, message, info),
          .source = info.source,
          .destination = info.destination};
}

void MarkerReader::read_state(Call& call, const sip::Message& message, const MessageInfo& info,
                              const MessageSides& sides, std::vector<Asked>& found) const {
  const Bytes sdp = sip::sdp_body(message);
  if (sdp.empty()) return;
  const pause::RecordLines lines = pause::parse_record_lines(sdp);
  const bool initial = is_initial(call, message, sides);
  const auto& rules = desk_.markers().rules();
  for (std::size_t n = 0; n < rules.size(); ++n) {
    const bool attribute = rules[n].kind == Kind::RecordAttribute;
    if (!attribute && rules[n].kind != Kind::RecordPreference) continue;
    const auto& now = attribute ? lines.state : lines.preference;
    if (!now) continue;
    Recording& before = state_of(call.markers, rules[n].kind, sides.sender);
    const auto action =
        attribute ? pause::asked_by_state(before, *now, initial) : pause::asked_by_preference(before, *now, initial);
    if (action != Action::Resume) before = *now;
    if (action) found.push_back(asked_of(n, *action, message, info));
  }
}

Call& MarkerReader::about(Call& call, const sip::Message& message) {
  const std::string_view target = message.value(sip::HeaderName::TargetDialog);
  const auto dialog = target.empty() ? std::nullopt : sip::parse_dialog_reference(target);
  Call* named = dialog ? calls_.find(dialog->call_id) : nullptr;
  return named != nullptr && names(*dialog, *named) ? *named : call;
}

void MarkerReader::on_message(Call& call, const sip::Message& message, const MessageInfo& info,
                              const MessageSides& sides) {
  if (!message.request && message.status >= 200) {
    settle(call, {std::string(message.method), message.cseq, sides.requester}, message.status, info.time);
  }
  if (call.recording_session) return read_session(call, message, info, sides);
  if (message.request) read_keys(call, message, info, sides.sender);
  std::vector<Asked> found;
  for (const pause::Sighting& sighting : desk_.markers().read(message)) {
    found.push_back(asked_of(sighting.rule, sighting.action, message, info));
  }
  const std::pair before{call.markers.state, call.markers.preference};
  read_state(call, message, info, sides, found);
  const bool changed = before != std::pair{call.markers.state, call.markers.preference};
  if ((changed || !found.empty()) && !is_new(call.markers, message, sides.sender)) {
    std::tie(call.markers.state, call.markers.preference) = before;
    for (const Asked& asked : found) desk_.refuse(asked, "repeated");
    found.clear();
  }
  for (Asked& asked : found) take(call, message, sides, std::move(asked));
  places_.on_message(call, message, info, sides.sender);
}

void MarkerReader::read_keys(Call& call, const sip::Message& message, const MessageInfo& info, Side sender) {
  if ((message.method != "INFO" && message.method != "NOTIFY") || message.body.empty()) return;
  std::string keys;
  for (const sip::BodyPart& part : sip::body_parts(message)) keys += sip::dtmf_keys(part);
  std::uint32_t& last = call.markers.last_keys[index_of(sender)];
  if (keys.empty() || message.cseq <= last) return;
  last = message.cseq;
  const PauseMark mark{.rule = {}, .message = std::string(message.method), .at = info.time};
  keys_.on_keys(call, sender, keys, mark, info.source, info.destination);
}

void MarkerReader::read_session(Call& session, const sip::Message& message, const MessageInfo& info,
                                const MessageSides& sides) {
  apply_recording_metadata(session, message);
  const auto& rules = desk_.markers().rules();
  const auto rule = std::ranges::find(rules, Kind::RecordingSession, &pause::MarkerRule::kind);
  const auto stops = message.request ? stops_recording(message) : std::nullopt;
  if (rule == rules.end() || !stops || *stops == session.recorded.stopped) return;
  if (!is_new(session.markers, message, sides.sender)) return;
  const auto action = *stops ? Action::Pause : Action::Resume;
  Asked asked = asked_of(static_cast<std::size_t>(rule - rules.begin()), action, message, info);
  const std::vector<Call*> recorded = recorded_calls(session, calls_);
  if (recorded.empty()) desk_.refuse(asked, "of no call that is known");
  for (const Call* call : recorded) {
    asked.about = call->serial;
    const bool held = call->holds[0].holds || call->holds[1].holds;
    if (*stops && held) {
      desk_.refuse(asked, "the call is held");
    } else if (*stops) {
      desk_.pause(*call, asked);
    } else {
      await(session, {std::string(message.method), message.cseq, sides.requester}, asked);
    }
  }
  session.recorded.stopped = *stops;
}

void MarkerReader::take(Call& call, const sip::Message& message, const MessageSides& sides, Asked asked) {
  Call& target = about(call, message);
  const Origin origin = origin_.of(call, sides.sender, asked.source.ip, conversations_.of(target.serial));
  if (!desk_.allows(target, asked, origin)) return;
  if (desk_.action_of(target, asked) == Action::Pause) return desk_.pause(target, asked);
  const Kind kind = desk_.markers().rules()[asked.rule].kind;
  const auto note = [&] {
    if (kind != Kind::Sip) state_of(call.markers, kind, sides.sender) = Recording::On;
  };
  if (!desk_.may_resume(target, asked)) {
    note();
    return desk_.refuse(asked, "not paused by this rule");
  }
  const bool final = message.request ? message.method == "ACK" : message.status / 100 == 2;
  if (final) {
    note();
    return desk_.resume(target, asked, asked.mark.at);
  }
  if (!message.request) return desk_.refuse(asked, "in a response that accepts nothing");
  if (target.serial != call.serial) asked.about = target.serial;
  await(call, {std::string(message.method), message.cseq, sides.requester}, asked);
}

void MarkerReader::await(Call& call, const TransactionKey& transaction, const Asked& asked) {
  const auto early = std::ranges::find(call.markers.accepted, transaction, &std::pair<TransactionKey, Time>::first);
  call.markers.awaited.push_back({transaction, asked});
  if (early != call.markers.accepted.end() && asked.mark.at - early->second < kDisorder) {
    return settle(call, transaction, 200, asked.mark.at);
  }
  if (call.markers.awaited.size() > kMaxAwaited) call.markers.awaited.erase(call.markers.awaited.begin());
  desk_.note(asked, false, "waits for its 2xx");
}

void MarkerReader::settle(Call& call, const TransactionKey& transaction, int status, Time time) {
  MarkerState& markers = call.markers;
  const bool accepted = status / 100 == 2;
  if (accepted) {
    if (markers.accepted.size() == kMaxAccepted) markers.accepted.erase(markers.accepted.begin());
    markers.accepted.emplace_back(transaction, time);
  }
  for (auto next = markers.awaited.begin(); next != markers.awaited.end();) {
    if (next->transaction != transaction) {
      ++next;
      continue;
    }
    Asked asked = std::move(next->asked);
    next = markers.awaited.erase(next);
    asked.mark.at = time;
    asked.mark.message = fmt::format("{} {}", status, transaction.method);
    if (!accepted) {
      desk_.refuse(asked, "not accepted");
      continue;
    }
    const Kind kind = desk_.markers().rules()[asked.rule].kind;
    if (kind != Kind::Sip) state_of(markers, kind, transaction.requester) = Recording::On;
    Call* target = calls_.find(asked.about == 0 ? call.serial : asked.about);
    if (target != nullptr) desk_.resume(*target, asked, time);
  }
}

void MarkerReader::on_outside(const Call& call, const sip::Message& message, const MessageInfo& info) {
  for (const pause::Sighting& sighting : desk_.markers().read(message)) {
    Asked asked = asked_of(sighting.rule, sighting.action, message, info);
    const bool repeated = std::ranges::any_of(outside_, [&](const Outside& one) {
      return one.call_id == message.call_id && one.cseq == message.cseq && one.asked.rule == asked.rule;
    });
    if (repeated) {
      desk_.refuse(asked, "repeated");
      continue;
    }
    const Origin origin =
        origin_.outside(uri_of(message.value(sip::HeaderName::From)), info.source.ip, conversations_.of(call.serial));
    if (!desk_.allows(call, asked, origin)) continue;
    outside_.push_back({std::string(message.call_id), message.cseq, call.serial, asked});
    if (outside_.size() > kMaxOutside) outside_.pop_front();
    if (desk_.action_of(call, asked) == Action::Pause) {
      outside_.back().call = 0;
      desk_.pause(call, asked);
    } else {
      desk_.note(asked, false, "waits for its 2xx");
    }
  }
}

void MarkerReader::on_outside_response(const sip::Message& message, const MessageInfo& info) {
  if (message.status < 200) return;
  for (Outside& one : outside_) {
    if (one.call == 0 || one.call_id != message.call_id || one.cseq != message.cseq) continue;
    const Call* call = calls_.find(std::exchange(one.call, 0));
    if (call == nullptr) continue;
    Asked asked = one.asked;
    asked.mark.at = info.time;
    asked.mark.message = fmt::format("{} {}", message.status, message.method);
    if (message.status / 100 == 2) {
      desk_.resume(*call, asked, info.time);
    } else {
      desk_.refuse(asked, "not accepted");
    }
  }
}

}  // namespace tapestry::calls
