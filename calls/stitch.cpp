#include "calls/stitch.h"

#include <algorithm>
#include <span>
#include <tuple>

#include "calls/agents.h"
#include "calls/channels.h"
#include "calls/history.h"
#include "calls/presence.h"
#include "calls/recording_gaps.h"
#include "calls/spans.h"
#include "calls/supervision.h"

namespace tapestry::calls {
namespace {

/// One agent's recording under construction.
struct Stitch {
  const std::vector<Leg>& legs;
  std::vector<Track>& tracks;
  const std::vector<Party>& parties;
  const std::vector<Supervision>& supervision;
  const Rules& rules;
  std::size_t agent;
  std::vector<OwnLeg> own;  ///< in order of time

  DialogPlan make() {
    DialogPlan dialog;
    dialog.kind = DialogKind::Recording;
    dialog.agent = agent;
    dialog.start = legs[own.front().leg].answer->window.start;
    for (const OwnLeg& one : own) dialog.end = std::max(dialog.end, legs[one.leg].answer->window.end);
    const std::vector<Presence> others = others_in(legs, own, agent);
    dialog.history = history_of(legs, own, agent, others);
    set_parties(dialog, others);
    if (!has_audio()) {
      dialog.gaps.push_back(
          {GapReason::NoMedia, dialog.start, dialog.end, {0, 1}, "no media of this call passed the capture point"});
      return dialog;
    }
    dialog.recording.push_back({.start = dialog.start,
                                .end = dialog.end,
                                .channels = {channel_of_others(), channel_of_agent()},
                                .gaps = {},
                                .drops_touched = dropped()});
    add_gaps(legs, own, tracks, rules.keep_hold_audio, dialog.recording.front());
    return dialog;
  }

 private:
  [[nodiscard]] std::span<Track> tracks_of_leg(const Leg& leg) const {
    return std::span(tracks).subspan(leg.first_track, leg.call->tracks.size());
  }

  [[nodiscard]] bool dropped() const {
    return std::ranges::any_of(
        own, [this](const OwnLeg& one) { return legs[one.leg].call->overflowed || legs[one.leg].call->evicted; });
  }

  [[nodiscard]] bool has_audio() const {
    const auto audio = [this](std::size_t leg) {
      return std::ranges::any_of(tracks_of_leg(legs[leg]), [](const Track& track) { return track.media == "audio"; });
    };
    return std::ranges::any_of(own, [&](const OwnLeg& one) {
      return audio(one.leg) || std::ranges::any_of(legs[one.leg].bridged[index_of(other(one.side))], audio);
    });
  }

  /// What `sender` sent on a leg inside a window, by the tracks of the whole conversation.
  [[nodiscard]] std::vector<TrackSpan> sent(std::size_t index, Side sender, const Window& window, Lines lines) const {
    const Leg& leg = legs[index];
    std::vector<TrackSpan> spans = plan_channel(*leg.call, tracks_of_leg(leg), sender, window, lines);
    for (TrackSpan& span : spans) span.track += leg.first_track;
    if (rules.keep_hold_audio) return spans;
    for (Track& track : tracks_of_leg(leg)) {
      const bool idle = track.use == Use::Recording || track.use == Use::OtherSource || track.use == Use::Codec;
      if (track.sender == sender && idle && is_hold_music(*leg.call, track, window)) track.use = Use::HoldMusic;
    }
    std::erase_if(spans, [this](const TrackSpan& span) { return tracks[span.track].use == Use::HoldMusic; });
    return spans;
  }

  /// The same, but from the leg that the other end's host connects this one with, when nothing was seen here.
  [[nodiscard]] std::vector<TrackSpan> sent_or_bridged(const OwnLeg& one, bool by_agent) const {
    const Leg& leg = legs[one.leg];
    const Window& window = leg.answer->window;
    const Lines lines = by_agent ? Lines::Copies : Lines::Sum;
    std::vector<TrackSpan> spans = sent(one.leg, by_agent ? one.side : other(one.side), window, lines);
    const Side far = other(one.side);
    for (const std::size_t bridged : leg.bridged[index_of(far)]) {
      if (!spans.empty() || !legs[bridged].answer) break;
      const auto& back = legs[bridged].bridged[0];
      const Side at_host = std::ranges::find(back, one.leg) != back.end() ? Side::Caller : Side::Callee;
      const Window both{std::max(window.start, legs[bridged].answer->window.start),
                        std::min(window.end, legs[bridged].answer->window.end)};
      if (both.start < both.end) spans = sent(bridged, by_agent ? at_host : other(at_host), both, lines);
    }
    return spans;
  }

  [[nodiscard]] std::vector<TrackSpan> unless_held(const OwnLeg& one, std::vector<TrackSpan> spans, Side holder) const {
    const Leg& leg = legs[one.leg];
    return rules.keep_hold_audio ? spans : without(spans, holds_of(*leg.call, holder, leg.answer->window));
  }

  static void sort(std::vector<TrackSpan>& spans) {
    std::ranges::sort(spans, {}, [](const TrackSpan& span) { return std::tie(span.from, span.track); });
  }

  /// Who joined a robot's dialog with a person (RFC 3911) hears that person through the robot.
  [[nodiscard]] bool listens_in(const OwnLeg& one) const {
    return std::ranges::any_of(legs[one.leg].call->references, [this](const Reference& reference) {
      return reference.kind == LinkKind::Join && std::ranges::any_of(legs, [&](const Leg& joined) {
               return joined.call->call_id == reference.dialog.call_id &&
                      std::ranges::any_of(joined.party, [this](std::size_t party) {
                        return party != kNoParty && parties[party].role != Role::Bot;
                      });
             });
    });
  }

  [[nodiscard]] bool is_with_bots(const OwnLeg& one) const {
    if (listens_in(one)) return false;
    const auto others = behind(legs, one.leg, other(one.side));
    return !others.empty() && std::ranges::all_of(others, [this](const Presence& presence) {
      return parties[presence.party].role == Role::Bot;
    });
  }

  [[nodiscard]] ChannelPlan channel_of_others() const {
    ChannelPlan channel;
    const bool only_bots = std::ranges::all_of(own, [this](const OwnLeg& one) { return is_with_bots(one); });
    for (const OwnLeg& one : own) {
      // Beside people, a machine's music and prompts are no part of the conversation.
      if (!only_bots && is_with_bots(one)) continue;
      auto spans = unless_held(one, sent_or_bridged(one, false), one.side);
      spans = unless_held(one, std::move(spans), other(one.side));
      if (rules.whisper != WhisperPolicy::Keep && parties[agent].role != Role::Supervisor)
        spans = without(spans, whispers_of(supervision, legs[one.leg].call->call_id));
      for (const TrackSpan& span : without_copies(spans, channel.spans, tracks)) channel.spans.push_back(span);
    }
    sort(channel.spans);
    return channel;
  }

  /// 0 for a leg with the customer, 2 for one with a supervisor, 1 for all others.
  [[nodiscard]] int distance(const OwnLeg& one) const {
    int nearest = 3;
    for (const Presence& presence : behind(legs, one.leg, other(one.side))) {
      const Role role = parties[presence.party].role;
      nearest = std::min(nearest, role == Role::Customer ? 0 : role == Role::Supervisor ? 2 : 1);
    }
    return nearest == 3 ? 1 : nearest;
  }

  [[nodiscard]] ChannelPlan channel_of_agent() const {
    std::vector<OwnLeg> order = own;
    std::ranges::sort(order, {}, [this](const OwnLeg& one) { return std::pair(distance(one), one.leg); });
    ChannelPlan channel;
    for (const OwnLeg& one : order) {
      const auto spans = unless_held(one, sent_or_bridged(one, true), one.side);
      std::vector<Window> taken;
      for (const TrackSpan& have : channel.spans) taken.push_back(extent_of(have, tracks[have.track]));
      for (const TrackSpan& span : without(spans, taken)) channel.spans.push_back(span);
    }
    sort(channel.spans);
    return channel;
  }

  void set_parties(DialogPlan& dialog, const std::vector<Presence>& others) const {
    std::vector<std::size_t> list;
    for (const bool customers : {true, false}) {
      for (const Presence& one : others) {
        if ((parties[one.party].role == Role::Customer) == customers) (void)add_once(list, one.party, parties.size());
      }
    }
    dialog.channel_parties = {list, {agent}};
    const std::size_t caller = initiator();
    if (caller != kNoParty && (list.empty() || caller != list.front())) dialog.originator = caller;
  }

  /// Who sent the INVITE that the agent's first call, or the conversation, began with.
  [[nodiscard]] std::size_t initiator() const {
    const Leg& leg = legs[own.front().leg];
    if (leg.party[0] != kNoParty) return leg.party[0];
    const auto callers = behind(legs, own.front().leg, Side::Caller);
    return callers.empty() ? kNoParty : callers.front().party;
  }
};

/// The conversation as the customer lived it: channel 0 the customer, channel 1 whoever was there.
void add_customer_view(const std::vector<Leg>& legs, std::vector<Track>& tracks, const std::vector<Party>& parties,
                       const std::vector<Supervision>& supervision, const Rules& rules,
                       std::vector<DialogPlan>& dialogs) {
  const auto customer = std::ranges::find(parties, Role::Customer, &Party::role);
  if (customer == parties.end()) return;
  const auto party = static_cast<std::size_t>(customer - parties.begin());
  for (auto& own : calls_of(legs, party, rules.parked_linger)) {
    DialogPlan dialog = Stitch{legs, tracks, parties, supervision, rules, party, std::move(own)}.make();
    std::ranges::reverse(dialog.channel_parties);
    for (RecordingPlan& recording : dialog.recording) {
      std::ranges::reverse(recording.channels);
      for (Gap& gap : recording.gaps) std::ranges::for_each(gap.channels, [](int& channel) { channel = 1 - channel; });
    }
    for (Gap& gap : dialog.gaps) std::ranges::for_each(gap.channels, [](int& channel) { channel = 1 - channel; });
    dialog.originator.reset();
    const std::size_t caller = legs.front().party[0];
    if (caller != party && caller != kNoParty) dialog.originator = caller;
    dialogs.push_back(std::move(dialog));
  }
}

/// What became of the tracks that are in no recording after all, and of those that another agent's plan left out.
void settle_uses(const std::vector<Leg>& legs, const std::vector<Party>& parties,
                 const std::vector<DialogPlan>& dialogs, std::vector<Track>& tracks) {
  std::vector<bool> taken(tracks.size());
  for (const DialogPlan& dialog : dialogs) {
    for (const RecordingPlan& recording : dialog.recording) {
      for (const ChannelPlan& channel : recording.channels) {
        for (const TrackSpan& span : channel.spans) taken[span.track] = true;
      }
    }
  }
  for (const Leg& leg : legs) {
    const auto role = [&](Side side) {
      const std::size_t party = leg.party[index_of(side)];
      return party == kNoParty ? Role::Unknown : parties[party].role;
    };
    const auto is = [&](Role wanted) { return role(Side::Caller) == wanted || role(Side::Callee) == wanted; };
    const Use unheard = is(Role::Supervisor) ? Use::Monitor : is(Role::Bot) ? Use::Bot : Use::SecondHop;
    for (std::size_t n = leg.first_track; n < leg.first_track + leg.call->tracks.size(); ++n) {
      Use& use = tracks[n].use;
      const bool heard = use == Use::Recording || use == Use::Codec || use == Use::Undecryptable;
      if (taken[n] && !heard) use = use_when_heard(tracks[n]);
      if (!taken[n] && heard) use = unheard;
      if (!taken[n] && use == Use::OtherSource && legs.size() > 1) use = unheard;
    }
  }
}

}  // namespace

std::vector<DialogPlan> stitch(const std::vector<Leg>& legs, std::vector<Track>& tracks,
                               const std::vector<Party>& parties, const Rules& rules,
                               const std::vector<Supervision>& supervision) {
  std::vector<DialogPlan> dialogs;
  std::vector<std::size_t> agents = agents_of(legs, parties);
  for (const Supervision& one : supervision) {
    if (one.kind == SupervisionKind::Whisper && rules.whisper == WhisperPolicy::Separate)
      (void)add_once(agents, one.party, parties.size());
  }
  for (const std::size_t agent : agents) {
    for (auto& own : calls_of(legs, agent, rules.rejoin_gap)) {
      dialogs.push_back(Stitch{legs, tracks, parties, supervision, rules, agent, std::move(own)}.make());
    }
  }
  if (rules.customer_view) add_customer_view(legs, tracks, parties, supervision, rules, dialogs);
  settle_uses(legs, parties, dialogs, tracks);
  const auto by_start = [](const DialogPlan& a, const DialogPlan& b) { return a.start < b.start; };
  // Few, and equal ones keep their order.
  for (std::size_t n = 1; n < dialogs.size(); ++n) {
    const auto at =
        std::upper_bound(dialogs.begin(), dialogs.begin() + static_cast<std::ptrdiff_t>(n), dialogs[n], by_start);
    std::rotate(at, dialogs.begin() + static_cast<std::ptrdiff_t>(n),
                dialogs.begin() + static_cast<std::ptrdiff_t>(n) + 1);
  }
  return dialogs;
}

}  // namespace tapestry::calls
