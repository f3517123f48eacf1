#include "calls/marker_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "calls/recording_sessions.h"
#include "calls/referrals.h"
#include "calls/seen_messages.h"
#include "pause/msml_result.h"
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

/// Whether what an ACK of that dialog acknowledges was a 2xx. It may go another way than that came.
bool is_accepted(const Call& call, const TransactionKey& invite, const std::string& dialog) {
  return std::ranges::any_of(call.markers.accepted, [&](const Acceptance& answer) {
    return answer.transaction == invite && answer.dialog == dialog;
  });
}

/// Whether it is the answer to the message that asks: in its dialog (a first INVITE has no To tag yet), and back on the
/// way on which that was seen, so that nobody else accepts it.
bool answers(const Acceptance& answer, const AwaitedResume& awaited) {
  const Asked& asked = awaited.asked;
  const bool same_dialog =
      asked.dialog.ends_with('\n') ? answer.dialog.starts_with(asked.dialog) : answer.dialog == asked.dialog;
  return awaited.transaction == answer.transaction && same_dialog && answer.source == asked.destination.ip &&
         answer.destination == asked.source.ip;
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

MarkerReader::Prepared MarkerReader::prepare(const PauseRules& rules) const {
  return {.markers = desk_.with_retired(rules.markers), .fail_closed = PausedPlaces::fail_closed(rules.fail_closed)};
}

void MarkerReader::take_rules(Prepared&& rules, std::optional<Time> now) {
  const pause::Markers before = desk_.take_rules(std::move(rules.markers));
  places_.take_fail_closed(std::move(rules.fail_closed));
  keys_.take_rules();
  if (now) places_.look(calls_, before, *now);
}

Asked MarkerReader::asked_of(const pause::RuleName& rule, Action action, const sip::Message& message,
                             const MessageInfo& info) const {
  return {.rule = rule,
          .action = action,
          .mark = mark_of(rule.name, message, info),
          .requested = info.time,
          .source = info.source,
          .destination = info.destination,
          .place = std::string(message.call_id)};
}

void MarkerReader::read_state(Call& call, const sip::Message& message, const MessageInfo& info,
                              const MessageSides& sides, std::vector<Asked>& found) const {
  const Bytes sdp = negotiates(message) ? sip::sdp_body(message) : Bytes{};
  if (sdp.empty()) return;
  const pause::RecordLines lines = pause::parse_record_lines(sdp);
  const bool initial = is_initial(call, message, sides);
  for (const Kind kind : {Kind::RecordAttribute, Kind::RecordPreference}) {
    const bool attribute = kind == Kind::RecordAttribute;
    const auto& now = attribute ? lines.state : lines.preference;
    if (!now) continue;
    Recording& before = state_of(call.markers, kind, sides.sender);
    const pause::MarkerRule* const rule = desk_.markers().find(kind);
    const bool paused = rule != nullptr && conversations_.of(call.serial).pauses.is_held_by(rule->name);
    if (rule == nullptr || (rule->retired && !paused)) {
      // A rule that comes later is to see the next pause.
      before = *now == Recording::On ? Recording::On : Recording::Unknown;
      continue;
    }
    const auto action =
        attribute ? pause::asked_by_state(before, *now, initial) : pause::asked_by_preference(before, *now, initial);
    // An `on` that may not resume yet leaves what was asked for before: the next one may.
    const bool stays = initial && *now == Recording::On && (paused || before == Recording::Paused);
    if (action != Action::Resume && !stays) before = *now;
    if (action) found.push_back(asked_of(name_of(*rule), *action, message, info));
  }
}

Call& MarkerReader::about(Call& call, const sip::Message& message) {
  const std::string_view target = message.value(sip::HeaderName::TargetDialog);
  const auto dialog = target.empty() ? std::nullopt : sip::parse_dialog_reference(target);
  Call* named = dialog ? calls_.find(dialog->call_id) : nullptr;
  return named != nullptr && knows(*dialog, *named) ? *named : call;
}

void MarkerReader::on_message(Call& call, const sip::Message& message, const MessageInfo& info,
                              const MessageSides& sides) {
  if (!message.request && message.status >= 200) {
    const Acceptance answer{.transaction = {std::string(message.method), message.cseq, sides.requester},
                            .dialog = dialog_of(sides),
                            .source = info.source.ip,
                            .destination = info.destination.ip,
                            .time = info.time};
    const std::string why_not = message.status >= 300                ? "not accepted"
                                : pause::is_refused_by_msml(message) ? "its body says that it was not done"
                                                                     : "";
    settle(call, answer, fmt::format("{} {}", message.status, message.method), why_not);
  }
  if (call.recording_session) return read_session(call, message, info, sides);
  if (message.request) read_keys(call, message, info, sides);
  std::vector<Asked> found;
  for (const pause::Sighting& sighting : desk_.markers().read(message)) {
    found.push_back(asked_of(sighting.rule, sighting.action, message, info));
  }
  const std::pair before{call.markers.state, call.markers.preference};
  read_state(call, message, info, sides, found);
  const bool changed = before != std::pair{call.markers.state, call.markers.preference};
  if (changed || !found.empty()) {
    const SeenMessage seen = seen_of(message, sides);
    const bool old = is_old(call.markers.seen, seen);
    const bool copy = is_copy(call.markers.seen, seen);
    if (copy) std::tie(call.markers.state, call.markers.preference) = before;
    std::erase_if(found, [&](const Asked& asked) {
      // A late pause counts all the same: who resumes must be sure.
      const bool repeated = copy || (old && asked.action != Action::Pause);
      if (repeated) desk_.refuse(asked, "repeated");
      return repeated;
    });
  }
  for (Asked& asked : found) take(call, message, sides, std::move(asked));
  places_.on_message(call, message, info, sides);
}

void MarkerReader::read_keys(Call& call, const sip::Message& message, const MessageInfo& info,
                             const MessageSides& sides) {
  if ((message.method != "INFO" && message.method != "NOTIFY") || message.body.empty()) return;
  std::string keys;
  for (const sip::BodyPart& part : sip::body_parts(message)) keys += sip::dtmf_keys(part);
  if (keys.empty() || is_copy(call.markers.seen_keys, seen_of(message, sides))) return;
  const PauseMark mark{.rule = {}, .message = std::string(message.method), .at = info.time};
  keys_.on_keys(call, sides.sender, keys, mark, info.source, info.destination);
}

void MarkerReader::read_session(Call& session, const sip::Message& message, const MessageInfo& info,
                                const MessageSides& sides) {
  apply_recording_metadata(session, message);
  const pause::MarkerRule* const rule = desk_.markers().find(Kind::RecordingSession);
  const auto stops = message.request ? stops_recording(message) : std::nullopt;
  // A rule that comes later is to see the next pause.
  if (rule == nullptr) session.recorded.stopped = false;
  if (rule == nullptr || !stops || *stops == session.recorded.stopped) return;
  const SeenMessage seen = seen_of(message, sides);
  const bool old = is_old(session.markers.seen, seen);
  if (is_copy(session.markers.seen, seen) || (old && !*stops)) return;
  const auto action = *stops ? Action::Pause : Action::Resume;
  Asked asked = asked_of(name_of(*rule), action, message, info);
  asked.dialog = dialog_of(sides);
  // Each session holds for itself: another one, whoever began it, ends nothing.
  asked.channel = session.call_id;
  const std::vector<Call*> recorded = recorded_calls(session, calls_);
  if (recorded.empty()) desk_.refuse(asked, "of no call that is known");
  bool on_hold = false;
  for (Call* call : recorded) {
    asked.about = call->serial;
    if (!desk_.allows(*call, asked, origin_.of_session(info.source.ip, conversations_.of(call->serial)))) continue;
    const bool held = call->holds[0].on || call->holds[1].on;
    if (*stops && held) {
      // What stops again when the hold is over counts.
      on_hold = true;
      desk_.refuse(asked, "the call is held");
    } else if (*stops) {
      desk_.pause(*call, asked);
    } else {
      await(session, {std::string(message.method), message.cseq, sides.requester}, asked);
    }
  }
  session.recorded.stopped = *stops && !on_hold;
}

void MarkerReader::take(Call& call, const sip::Message& message, const MessageSides& sides, Asked asked) {
  Call& target = about(call, message);
  const Origin origin = origin_.of(call, sides.sender, asked.source.ip, conversations_.of(target.serial));
  if (!desk_.allows(target, asked, origin)) return;
  if (desk_.action_of(target, asked) == Action::Pause) return desk_.pause(target, asked);
  const auto note = [&] {
    if (asked.rule.kind != Kind::Sip) state_of(call.markers, asked.rule.kind, sides.sender) = Recording::On;
  };
  if (!desk_.may_resume(target, asked)) {
    note();
    return desk_.refuse(asked, "not paused by this rule");
  }
  if (message.method == "ACK" && !is_accepted(call, {"INVITE", message.cseq, sides.requester}, dialog_of(sides)))
    return desk_.refuse(asked, "acknowledges nothing that was accepted");
  const bool final = message.request ? message.method == "ACK" : message.status / 100 == 2;
  if (final) {
    note();
    return desk_.resume(target, asked, asked.mark.at);
  }
  if (!message.request) return desk_.refuse(asked, "in a response that accepts nothing");
  if (target.serial != call.serial) asked.about = target.serial;
  asked.dialog = dialog_of(sides);
  await(call, {std::string(message.method), message.cseq, sides.requester}, asked);
}

void MarkerReader::await(Call& call, const TransactionKey& transaction, const Asked& asked) {
  MarkerState& markers = call.markers;
  const AwaitedResume awaited{transaction, asked};
  const auto early =
      std::ranges::find_if(markers.accepted, [&awaited](const Acceptance& answer) { return answers(answer, awaited); });
  markers.awaited.push_back(awaited);
  if (early != markers.accepted.end() && asked.requested - early->time < kDisorder) {
    Acceptance answer = *early;
    answer.time = asked.requested;
    return settle(call, answer, "200 " + transaction.method, {});
  }
  if (markers.awaited.size() > kMaxAwaited) markers.awaited.erase(markers.awaited.begin());
  desk_.note(asked, false, "waits for its 2xx");
}

void MarkerReader::settle(Call& call, const Acceptance& answer, const std::string& message,
                          const std::string& why_not) {
  MarkerState& markers = call.markers;
  if (why_not.empty()) {
    if (markers.accepted.size() == kMaxAccepted) markers.accepted.erase(markers.accepted.begin());
    markers.accepted.push_back(answer);
  }
  for (auto next = markers.awaited.begin(); next != markers.awaited.end();) {
    if (!answers(answer, *next)) {
      ++next;
      continue;
    }
    Asked asked = std::move(next->asked);
    next = markers.awaited.erase(next);
    asked.mark.at = answer.time;
    asked.mark.message = message;
    if (!why_not.empty()) {
      desk_.refuse(asked, why_not);
      continue;
    }
    if (asked.rule.kind != Kind::Sip) {
      state_of(markers, asked.rule.kind, answer.transaction.requester) = Recording::On;
    }
    Call* target = calls_.find(asked.about == 0 ? call.serial : asked.about);
    if (target != nullptr) desk_.resume(*target, asked, answer.time);
  }
}

void MarkerReader::on_outside(const Call& call, const sip::Message& message, const MessageInfo& info) {
  for (const pause::Sighting& sighting : desk_.markers().read(message)) {
    Asked asked = asked_of(sighting.rule, sighting.action, message, info);
    const bool repeated = std::ranges::any_of(outside_, [&](const Outside& one) {
      return one.call_id == message.call_id && one.cseq == message.cseq && one.asked.rule.name == asked.rule.name;
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
    if (info.source.ip != one.asked.destination.ip || info.destination.ip != one.asked.source.ip) continue;
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
