#include "calls/closing.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "calls/closing_notes.h"
#include "calls/identity.h"
#include "calls/people.h"
#include "calls/stitch.h"
#include "calls/supervision.h"
#include "calls/transfers.h"

namespace tapestry::calls {
namespace {

DialogSummary summary_of(const Call& call, const Branch* branch) {
  DialogSummary summary;
  summary.call_id = call.call_id;
  summary.from_tag = call.caller_tags.empty() ? "" : call.caller_tags.front();
  summary.hops = call.hops;
  summary.invited = call.first_seen;
  summary.final_status = branch != nullptr && branch->answered ? 200 : call.final_status;
  summary.final_reason = summary.final_status == call.final_status ? call.final_reason : "OK";
  summary.caller_user_agent = call.sides[0].user_agent;
  summary.callee_user_agent = call.sides[1].user_agent;
  summary.begins_before_capture = call.begins_before_capture;
  summary.messages = call.messages;
  summary.retransmissions = call.retransmissions;
  for (const sip::CorrelationKey& key : call.keys) summary.keys.push_back({std::string(key.kind), key.value});
  if (branch == nullptr) return summary;
  summary.to_tag = branch->to_tag;
  summary.answered = branch->answered;
  summary.ended = branch->ended;
  summary.ended_by = branch->ended_by;
  if (!branch->user_agent.empty()) summary.callee_user_agent = branch->user_agent;
  return summary;
}

std::string why_over(const Leg& leg) {
  const Call& call = *leg.call;
  if (leg.answer) return to_string(leg.reason);
  if (call.cancelled) return "cancel";
  return call.final_status != 0 ? "status" : to_string(leg.reason);
}

/// Every answered dialog, or the one that never was; losers of a fork are left out.
void add_signalling(const Leg& leg, std::vector<DialogSummary>& all) {
  if (leg.call->unsignalled) return;
  std::vector<DialogSummary> list;
  for (const Branch& branch : leg.call->branches) {
    if (branch.answered) list.push_back(summary_of(*leg.call, &branch));
  }
  if (list.empty()) list.push_back(summary_of(*leg.call, nullptr));
  for (DialogSummary& summary : list) {
    if (summary.ended_by.empty()) summary.ended_by = why_over(leg);
    for (const std::size_t party : leg.party) {
      if (party != kNoParty) summary.parties.push_back(party);
    }
    all.push_back(std::move(summary));
  }
}

void add_tracks(std::vector<Leg>& legs, std::vector<Track>& all) {
  for (Leg& leg : legs) {
    leg.first_track = all.size();
    for (Track& track : tracks_of(*leg.call, leg.answer.has_value())) all.push_back(std::move(track));
  }
}

DialogPlan incomplete(const std::vector<Leg>& legs, std::size_t index) {
  const Leg& leg = legs[index];
  DialogPlan dialog;
  dialog.kind = DialogKind::Incomplete;
  dialog.start = leg.call->first_seen;
  dialog.end = std::max(dialog.start, leg.call->last_seen);
  for (const Side side : {Side::Caller, Side::Callee}) {
    const std::size_t party = leg.party[index_of(side)];
    if (party != kNoParty) dialog.channel_parties.push_back({party});
  }
  dialog.disposition = disposition_of(*leg.call);
  if (const std::size_t caller = leg.party[0]; caller != kNoParty)
    dialog.history = {{caller, dialog.start, EventKind::Join}, {caller, dialog.end, EventKind::Drop}};
  return dialog;
}

/// What other systems know the conversation by: of the keys that stand for a whole contact, the surest.
std::string contact_key(const std::vector<DialogSummary>& dialogs) {
  constexpr std::array kKinds{std::string_view("genesys-calluuid"), std::string_view("genesys-cloud"),
                              std::string_view("broadworks"),       std::string_view("ucid"),
                              std::string_view("cisco-gucid"),      std::string_view("av-global-session-id")};
  for (const std::string_view kind : kKinds) {
    for (const DialogSummary& dialog : dialogs) {
      const auto key = std::ranges::find(dialog.keys, kind, &DialogKey::kind);
      if (key != dialog.keys.end()) return key->value;
    }
  }
  return {};
}

/// Of two legs that one host connects, the first tells what became of both.
bool told_by_another(const std::vector<Leg>& legs, std::size_t index) {
  const auto& bridged = legs[index].bridged[0];
  return std::ranges::any_of(bridged, [&](std::size_t n) { return n < index && !legs[n].answer; });
}

/// Of a longer call that nothing is seen of, rather the mirror missed it than that nobody spoke.
constexpr Duration kHungUpAtOnce = std::chrono::seconds(10);

/// Answered, and over before anybody sent anything.
bool is_hung_up(const DialogPlan& dialog) {
  return dialog.kind == DialogKind::Recording && dialog.recording.empty() && dialog.end - dialog.start < kHungUpAtOnce;
}

std::vector<Attempt> add_attempts(const std::vector<Leg>& legs, std::vector<DialogPlan>& dialogs) {
  std::vector<Attempt> attempts;
  for (std::size_t n = 0; n < legs.size(); ++n) {
    if (legs[n].answer || legs[n].left_out || told_by_another(legs, n)) continue;
    attempts.push_back({n, dialogs.size()});
    dialogs.push_back(incomplete(legs, n));
    // The callee of the first is behind its host.
    auto& told = dialogs.back().channel_parties;
    for (const std::size_t bridged : legs[n].bridged[1]) {
      const std::size_t callee = legs[bridged].party[1];
      if (callee != kNoParty && std::ranges::find(told, std::vector{callee}) == told.end()) told.push_back({callee});
    }
  }
  return attempts;
}

}  // namespace

std::string disposition_of(const Call& call) {
  if (call.cancelled) return "no-answer";
  switch (call.final_status) {
    case 486:
    case 600:
      return "busy";
    case 408:
    case 480:
    case 487:
      return "no-answer";
    case 503:
      return "congestion";
    case 0:
      return call.rang ? "no-answer" : "failed";
    default:
      return "failed";
  }
}

Interaction close_conversation(std::vector<Leg>& legs, std::vector<Link> links, const std::vector<Attendee>& attendees,
                               const std::vector<Hearing>& hearings, const Rules& rules) {
  std::ranges::sort(legs, {},
                    [](const Leg& leg) { return std::tie(leg.call->first_seen, leg.call->call_id, leg.call->serial); });
  std::ranges::sort(links, {}, [](const Link& link) {
    return std::tie(link.time, link.call_id, link.other_call_id, link.kind, link.evidence);
  });
  Interaction interaction;
  interaction.start = legs.front().call->first_seen;
  interaction.end = interaction.start;
  bool answered = false;
  for (const Leg& leg : legs) {
    const Call& call = *leg.call;
    interaction.start =
        std::min(interaction.start, leg.answer ? std::min(call.first_seen, leg.answer->window.start) : call.first_seen);
    interaction.end = std::max(interaction.end, leg.answer ? leg.answer->window.end : call.last_seen);
    interaction.drops_touched |= call.overflowed || call.evicted;
    answered |= leg.answer.has_value();
  }
  add_tracks(legs, interaction.tracks);
  interaction.parties = find_parties(legs, links, attendees);
  for (const Leg& leg : legs) add_signalling(leg, interaction.signalling);
  close_notes(legs, interaction);
  if (interaction.fields.interaction_id.empty())
    interaction.fields.interaction_id = contact_key(interaction.signalling);
  interaction.supervision = supervision_of(legs, interaction.tracks, interaction.parties, hearings);
  interaction.dialogs = stitch(legs, interaction.tracks, interaction.parties, rules, interaction.supervision);
  const std::vector<Attempt> attempts = add_attempts(legs, interaction.dialogs);
  add_transfers(legs, interaction.parties, attempts, interaction.dialogs);
  interaction.disposition = answered ? "answered" : disposition_of(*legs.front().call);
  if (interaction.dialogs.size() == 1 && is_hung_up(interaction.dialogs.front())) {
    interaction.disposition = "hung-up";
    interaction.dialogs.front().kind = DialogKind::Incomplete;
    interaction.dialogs.front().disposition = interaction.disposition;
  }
  interaction.links = std::move(links);
  return interaction;
}

Interaction close_recording_session(std::vector<Leg>& legs) {
  Interaction interaction;
  add_tracks(legs, interaction.tracks);
  return interaction;
}

}  // namespace tapestry::calls
