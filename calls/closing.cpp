#include "calls/closing.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "calls/channels.h"
#include "calls/encryption.h"
#include "calls/payloads.h"

namespace tapestry::calls {
namespace {

/// A capture whose clock jumps by years must not make a recording of years.
constexpr Duration kLongestRecording = std::chrono::hours(24);

/// Answered by signalling, or by what media says where signalling is missing.
struct Answer {
  Time start;
  Time end;
  const Branch* branch = nullptr;
  std::string ended_by;
};

bool is_audio(const OpenTrack& track) { return track.track.media == "audio"; }

std::optional<Time> last_audio(const Call& call) {
  std::optional<Time> last;
  for (const OpenTrack& track : call.tracks) {
    if (is_audio(track)) last = std::max(last.value_or(track.track.stats.last), track.track.stats.last);
  }
  return last;
}

/// The call was up before its first message: its media from then on is its own, where both ends are named.
std::optional<Time> first_certain_audio(const Call& call) {
  std::optional<Time> first;
  for (const OpenTrack& track : call.tracks) {
    if (!is_audio(track) || !track.source_matched || !track.destination_matched) continue;
    first = std::min(first.value_or(track.track.stats.first), track.track.stats.first);
  }
  return first;
}

/// No answer was captured, no failure either, but both ends sent audio: the answer was lost before the capture point.
/// The call counts from the moment when both were heard.
std::optional<Time> answered_by_media(const Call& call) {
  if (call.final_status != 0 || call.cancelled) return std::nullopt;
  std::array<std::optional<Time>, 2> first;
  for (const OpenTrack& track : call.tracks) {
    auto& mine = first[index_of(track.track.sender)];
    if (is_audio(track) && track.track.stats.packets >= 10)
      mine = std::min(mine.value_or(track.track.stats.first), track.track.stats.first);
  }
  if (call.unsignalled && (first[0] || first[1]))
    return std::min(first[0].value_or(*first[first[0] ? 0 : 1]), first[1].value_or(*first[first[0] ? 0 : 1]));
  if (!first[0] || !first[1]) return std::nullopt;
  return std::max(*first[0], *first[1]);
}

std::string end_cause(CloseReason reason) { return reason == CloseReason::CaptureEnd ? "capture end" : "timeout"; }

std::optional<Answer> answer_of(const Call& call, CloseReason reason) {
  const auto audio = last_audio(call);
  const Branch* branch = call.answered_branch();
  Answer answer;
  answer.branch = branch;
  if (branch != nullptr) {
    answer.start = *branch->answered;
  } else if (const auto start = answered_by_media(call)) {
    answer.start = *start;
  } else {
    return std::nullopt;
  }
  if (call.begins_before_capture)
    answer.start = std::min(answer.start, first_certain_audio(call).value_or(answer.start));
  if (branch != nullptr && branch->ended) {
    answer.end = *branch->ended;
    answer.ended_by = branch->ended_by;
  } else {
    // Without a BYE the audio says how long the call was; messages may lie far behind it (a retransmission of hours
    // ago, a jump of the clock).
    answer.end = audio ? *audio + std::chrono::milliseconds(20) : call.last_seen;
    answer.ended_by = call.unsignalled ? "media end" : end_cause(reason);
  }
  answer.end = std::clamp(answer.end, answer.start, answer.start + kLongestRecording);
  return answer;
}

std::vector<Track> tracks_of(const Call& call, bool answered) {
  std::vector<Track> tracks;
  for (const OpenTrack& open : call.tracks) {
    Track track = open.track;
    resolve_encryption(call, track);
    track.payloads = payload_mappings(call, track.sender, track.media);
    track.codecs = encodings_of(track.payloads, track.stats);
    track.use = track.media != "audio" ? Use::NotAudio : answered ? Use::OtherSource : Use::NotAnswered;
    if (call.recording_session) track.use = Use::RecordingSession;
    tracks.push_back(std::move(track));
  }
  return tracks;
}

std::vector<std::pair<Time, Time>> hold_spans(const HoldState& state, const Window& window) {
  std::vector<std::pair<Time, Time>> spans = state.past;
  if (state.holds) spans.emplace_back(state.since, window.end);
  std::vector<std::pair<Time, Time>> inside;
  for (auto [from, to] : spans) {
    from = std::max(from, window.start);
    to = std::min(to, window.end);
    if (from < to) inside.emplace_back(from, to);
  }
  return inside;
}

/// Whether a bound of ours was reached.
bool dropped(const Call& call) noexcept { return call.overflowed || call.evicted; }

/// The dialog from the view of the end `agent`: channel 0 the other end, channel 1 the agent.
struct DialogMaker {
  const Call& call;
  const Rules& rules;
  std::vector<Track>& tracks;
  Window window;

  DialogPlan make(Side agent) {
    DialogPlan dialog = frame(agent);
    dialog.recording.push_back(
        {.start = window.start, .end = window.end, .channels = {}, .gaps = {}, .drops_touched = dropped(call)});
    dialog.recording.front().channels.push_back({plan_channel(call, tracks, other(agent), window)});
    dialog.recording.front().channels.push_back({plan_channel(call, tracks, agent, window)});
    add_history(dialog, agent);
    drop_hold_music(dialog.recording.front());
    add_snapped(dialog.recording.front());
    auto& gaps = dialog.recording.front().gaps;
    std::sort(gaps.begin(), gaps.end(),
              [](const Gap& a, const Gap& b) { return std::tie(a.start, a.end) < std::tie(b.start, b.end); });
    return dialog;
  }

  /// The call was set up, but none of its media passed the capture point: a recording without content, and why (core-04
  /// §4.3, the placeholder form). `incomplete` would say that the parties never spoke, which nobody knows.
  DialogPlan make_without_media(Side agent) {
    DialogPlan dialog = frame(agent);
    add_history(dialog, agent);
    dialog.gaps.push_back(
        {GapReason::NoMedia, window.start, window.end, {0, 1}, "no media of this call passed the capture point"});
    return dialog;
  }

 private:
  /// Whether all of a track lies where its sender holds the other end: a music server's stream, or the holder's own.
  [[nodiscard]] bool is_hold_music(const Track& track) const {
    constexpr Duration kSlack = std::chrono::seconds(1);
    const auto spans = hold_spans(call.holds[index_of(track.sender)], window);
    return std::any_of(spans.begin(), spans.end(), [&](const auto& span) {
      return track.stats.first >= span.first - kSlack && track.stats.last <= span.second + kSlack;
    });
  }

  void drop_hold_music(RecordingPlan& recording) {
    if (rules.keep_hold_audio) return;
    for (Track& track : tracks) {
      if ((track.use == Use::Recording || track.use == Use::OtherSource || track.use == Use::Codec) &&
          is_hold_music(track))
        track.use = Use::HoldMusic;
    }
    for (ChannelPlan& channel : recording.channels) {
      std::erase_if(channel.spans, [this](const TrackSpan& span) { return tracks[span.track].use == Use::HoldMusic; });
    }
  }

  /// What a snap length cut off is missing inside each packet: one gap over the stretch says so.
  void add_snapped(RecordingPlan& recording) const {
    for (std::size_t channel = 0; channel < recording.channels.size(); ++channel) {
      for (const TrackSpan& span : recording.channels[channel].spans) {
        const rtp::FlowStats& stats = tracks[span.track].stats;
        if (stats.snapped == 0) continue;
        const std::string detail = fmt::format("{} packets cut short by the capture's snap length", stats.snapped);
        const Gap gap{GapReason::Drop,
                      std::max(stats.first, window.start),
                      std::min(stats.last, window.end),
                      {static_cast<int>(channel)},
                      detail};
        if (gap.start < gap.end) recording.gaps.push_back(gap);
      }
    }
  }

  DialogPlan frame(Side agent) const {
    DialogPlan dialog;
    dialog.kind = DialogKind::Recording;
    dialog.start = window.start;
    dialog.end = window.end;
    dialog.agent = index_of(agent);
    dialog.channel_parties = {index_of(other(agent)), index_of(agent)};
    if (agent == Side::Caller) dialog.originator = index_of(agent);
    return dialog;
  }

  void add_history(DialogPlan& dialog, Side agent) {
    const std::size_t agent_party = index_of(agent);
    const std::size_t other_party = index_of(other(agent));
    dialog.history.push_back({other_party, window.start, EventKind::Join});
    dialog.history.push_back({agent_party, window.start, EventKind::Join});
    // Who holds sends music: it is dropped. The held customer is not heard by the agent; a held agent is still the
    // agent's own recording.
    add_hold(dialog, agent, other_party, {0, 1});
    add_hold(dialog, other(agent), agent_party, {0});
    std::sort(dialog.history.begin(), dialog.history.end(), [](const PartyEvent& a, const PartyEvent& b) {
      return std::tie(a.time, a.kind, a.party) < std::tie(b.time, b.kind, b.party);
    });
    dialog.history.push_back({other_party, window.end, EventKind::Drop});
    dialog.history.push_back({agent_party, window.end, EventKind::Drop});
  }

  void add_hold(DialogPlan& dialog, Side holder, std::size_t held_party, const std::vector<int>& silent) {
    for (const auto& [from, to] : hold_spans(call.holds[index_of(holder)], window)) {
      dialog.history.push_back({held_party, from, EventKind::Hold});
      if (to < window.end) dialog.history.push_back({held_party, to, EventKind::Unhold});
      if (rules.keep_hold_audio || dialog.recording.empty()) continue;
      dialog.recording.front().gaps.push_back({GapReason::Hold, from, to, silent, ""});
    }
  }
};

DialogPlan incomplete(std::string disposition, Time start, Time end) {
  DialogPlan dialog;
  dialog.kind = DialogKind::Incomplete;
  dialog.start = start;
  dialog.end = std::max(start, end);
  dialog.channel_parties = {0, 1};
  dialog.disposition = std::move(disposition);
  dialog.history = {{0, dialog.start, EventKind::Join}, {0, dialog.end, EventKind::Drop}};
  return dialog;
}

/// Whose recordings are made: every agent of the table; without one, whoever is not the customer.
std::vector<Side> recorded_sides(const std::array<Party, 2>& parties) {
  std::vector<Side> sides;
  if (parties[1].role == Role::Agent) sides.push_back(Side::Callee);
  if (parties[0].role == Role::Agent) sides.push_back(Side::Caller);
  if (sides.empty())
    sides.push_back(parties[1].role == Role::Customer && parties[0].role != Role::Customer ? Side::Caller
                                                                                           : Side::Callee);
  return sides;
}

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

std::string why_over(const Call& call, CloseReason reason) {
  if (call.cancelled) return "cancel";
  return call.final_status != 0 ? "status" : end_cause(reason);
}

/// Every answered dialog, or the one that never was; losers of a fork are left out.
std::vector<DialogSummary> signalling_of(const Call& call, const std::optional<Answer>& answer, CloseReason reason) {
  std::vector<DialogSummary> list;
  if (call.unsignalled) return list;
  for (const Branch& branch : call.branches) {
    if (branch.answered) list.push_back(summary_of(call, &branch));
  }
  if (list.empty()) list.push_back(summary_of(call, nullptr));
  for (DialogSummary& summary : list) {
    if (summary.ended_by.empty()) summary.ended_by = answer ? end_cause(reason) : why_over(call, reason);
  }
  return list;
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

Interaction close_call(const Call& call, const std::array<Party, 2>& parties, const Rules& rules, CloseReason reason) {
  const std::optional<Answer> answer = answer_of(call, reason);
  Interaction interaction;
  interaction.start = answer ? std::min(call.first_seen, answer->start) : call.first_seen;
  interaction.end = std::max(call.first_seen, answer ? answer->end : call.last_seen);
  interaction.parties.assign(parties.begin(), parties.end());
  interaction.tracks = tracks_of(call, answer.has_value());
  interaction.signalling = signalling_of(call, answer, reason);
  interaction.notes = call.notes;
  interaction.drops_touched = dropped(call);
  if (call.recording_session) return interaction;
  const bool audio = std::any_of(call.tracks.begin(), call.tracks.end(), is_audio);
  if (!answer) {
    interaction.disposition = disposition_of(call);
    interaction.dialogs.push_back(incomplete(interaction.disposition, call.first_seen, call.last_seen));
  } else if (!audio) {
    interaction.disposition = "answered";
    for (const Side side : recorded_sides(parties)) {
      interaction.dialogs.push_back(
          DialogMaker{call, rules, interaction.tracks, {answer->start, answer->end}}.make_without_media(side));
    }
  } else {
    interaction.disposition = "answered";
    for (const Side side : recorded_sides(parties)) {
      interaction.dialogs.push_back(
          DialogMaker{call, rules, interaction.tracks, {answer->start, answer->end}}.make(side));
    }
  }
  return interaction;
}

}  // namespace tapestry::calls
