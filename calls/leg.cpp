#include "calls/leg.h"

#include <algorithm>

#include "calls/identity.h"
#include "calls/payloads.h"

namespace tapestry::calls {
namespace {

/// A capture whose clock jumps by years must not make a recording of years.
constexpr Duration kLongestRecording = std::chrono::hours(24);

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

std::optional<Answer> answer_of(const Call& call) {
  const auto audio = last_audio(call);
  Answer answer;
  answer.branch = call.answered_branch();
  if (answer.branch != nullptr) {
    answer.window.start = *answer.branch->answered;
  } else if (const auto start = answered_by_media(call)) {
    answer.window.start = *start;
  } else {
    return std::nullopt;
  }
  if (call.begins_before_capture)
    answer.window.start = std::min(answer.window.start, first_certain_audio(call).value_or(answer.window.start));
  if (answer.branch != nullptr && answer.branch->ended) {
    answer.window.end = *answer.branch->ended;
  } else {
    // Without a BYE the audio says how long the call was; messages may lie far behind it (a retransmission of hours
    // ago, a jump of the clock).
    answer.window.end = audio ? *audio + std::chrono::milliseconds(20) : call.last_seen;
  }
  answer.window.end = std::clamp(answer.window.end, answer.window.start, answer.window.start + kLongestRecording);
  return answer;
}

}  // namespace

std::string to_string(CloseReason reason) { return reason == CloseReason::CaptureEnd ? "capture end" : "timeout"; }

Leg leg_of(const Call& call, CloseReason reason, const Roles& roles, const Registrations& registrations) {
  Leg leg;
  leg.call = &call;
  leg.reason = reason;
  leg.answer = answer_of(call);
  for (const Side side : {Side::Caller, Side::Callee}) {
    leg.standing[index_of(side)] = roles.standing(call, side, registrations);
  }
  return leg;
}

std::vector<Track> tracks_of(const Call& call, bool answered) {
  std::vector<Track> tracks;
  for (const OpenTrack& open : call.tracks) {
    Track track = open.track;
    track.payloads = payload_mappings(call, track.sender, track.media);
    track.codecs = encodings_of(track.payloads, track.stats);
    track.use = track.media != "audio" ? Use::NotAudio : answered ? Use::OtherSource : Use::NotAnswered;
    if (call.recording_session) track.use = Use::RecordingSession;
    tracks.push_back(std::move(track));
  }
  return tracks;
}

std::optional<Side> mixing_side(const Leg& leg) noexcept {
  const Side told = leg.call->focus_side;
  for (const Side side : {told, other(told)}) {
    if (leg.mixer[index_of(side)]) return side;
  }
  return std::nullopt;
}

bool share_mixer(const Leg& one, const Leg& another) {
  const auto mine = mixing_side(one);
  const auto theirs = mixing_side(another);
  return mine && theirs && host_of(*one.call, *mine) == host_of(*another.call, *theirs) &&
         identity_of(one.call->focus) == identity_of(another.call->focus);
}

Window window_of(const Leg& leg) {
  return leg.answer ? leg.answer->window
                    : Window{leg.call->first_seen, std::max(leg.call->first_seen, leg.call->last_seen)};
}

std::vector<Window> holds_of(const Call& call, Side holder, const Window& window) {
  return call.holds[index_of(holder)].inside(window);
}

bool is_hold_music(const Call& call, const Track& track, const Window& window) {
  constexpr Duration kSlack = std::chrono::seconds(1);
  return std::ranges::any_of(holds_of(call, track.sender, window), [&](const Window& hold) {
    return track.stats.first >= hold.start - kSlack && track.stats.last <= hold.end + kSlack;
  });
}

}  // namespace tapestry::calls
