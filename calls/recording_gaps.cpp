#include "calls/recording_gaps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "calls/spans.h"

namespace tapestry::calls {
namespace {

/// Who holds sends music, which is dropped. The held customer is not heard by the agent; a held agent is still the
/// agent's own recording.
void add_holds(const Leg& leg, Side agent, std::vector<Gap>& list) {
  for (const Window& hold : holds_of(*leg.call, agent, leg.answer->window))
    list.push_back({GapReason::Hold, hold.start, hold.end, {0, 1}, ""});
  for (const Window& hold : holds_of(*leg.call, other(agent), leg.answer->window))
    list.push_back({GapReason::Hold, hold.start, hold.end, {0}, ""});
}

void add_time_between(const std::vector<Leg>& legs, const std::vector<OwnLeg>& own, std::vector<Gap>& list) {
  Time until = legs[own.front().leg].answer->window.end;
  for (const OwnLeg& one : own) {
    const Window& window = legs[one.leg].answer->window;
    if (window.start > until) list.push_back({GapReason::Inactive, until, window.start, {0, 1}, "between two calls"});
    until = std::max(until, window.end);
  }
}

/// What a snap length cut off is missing inside each packet: one gap over the stretch says so.
void add_snapped(std::span<const Track> tracks, RecordingPlan& recording) {
  for (std::size_t channel = 0; channel < recording.channels.size(); ++channel) {
    for (const TrackSpan& span : recording.channels[channel].spans) {
      const rtp::FlowStats& stats = tracks[span.track].stats;
      if (stats.snapped == 0) continue;
      const Window there = extent_of(span, tracks[span.track]);
      const std::string detail = fmt::format("{} packets cut short by the capture's snap length", stats.snapped);
      if (there.start < there.end)
        recording.gaps.push_back({GapReason::Drop, there.start, there.end, {static_cast<int>(channel)}, detail});
    }
  }
}

void add_video(const Leg& leg, std::span<const Track> tracks, std::vector<Gap>& list) {
  std::optional<Window> seen;
  const Window& window = leg.answer->window;
  std::vector<std::string> codecs;
  for (const Track& track : tracks) {
    const Window there{std::max(track.stats.first, window.start), std::min(track.stats.last, window.end)};
    if (track.media != "video" || there.start >= there.end) continue;
    seen = seen ? Window{std::min(seen->start, there.start), std::max(seen->end, there.end)} : there;
    for (const std::string& codec : track.codecs) (void)add_once(codecs, codec, kMaxUris);
  }
  if (seen)
    list.push_back({GapReason::VideoNotRecorded, seen->start, seen->end, {}, fmt::format("{}", fmt::join(codecs, ", "))});
}

}  // namespace

void add_gaps(const std::vector<Leg>& legs, const std::vector<OwnLeg>& own, std::span<const Track> tracks,
              bool keep_hold_audio, RecordingPlan& recording) {
  for (const OwnLeg& one : own) {
    if (!keep_hold_audio) add_holds(legs[one.leg], one.side, recording.gaps);
  }
  add_time_between(legs, own, recording.gaps);
  add_snapped(tracks, recording);
  for (const OwnLeg& one : own) {
    const Leg& leg = legs[one.leg];
    add_video(leg, tracks.subspan(leg.first_track, leg.call->tracks.size()), recording.gaps);
  }
  std::ranges::sort(recording.gaps, {}, [](const Gap& gap) { return std::tie(gap.start, gap.end); });
}

}  // namespace tapestry::calls
