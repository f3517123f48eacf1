#include "mux/segments.h"

#include <algorithm>
#include <utility>

namespace tapestry::mux {
namespace {

using calls::Gap;
using calls::RecordingPlan;

struct Stretch {
  Time from;
  Time to;
};

bool is_pause(const Gap& gap) noexcept { return gap.reason == calls::GapReason::Pci; }

/// The plan's pauses, cut to it, in order of start.
std::vector<Gap> pauses_of(const RecordingPlan& plan) {
  std::vector<Gap> pauses;
  for (Gap gap : plan.gaps) {
    gap.start = std::max(gap.start, plan.start);
    gap.end = std::min(gap.end, plan.end);
    if (is_pause(gap) && gap.start < gap.end) pauses.push_back(std::move(gap));
  }
  std::ranges::sort(pauses, {}, [](const Gap& gap) { return std::pair(gap.start, gap.end); });
  return pauses;
}

/// When nothing is to be heard: the pauses, with the scraps between them.
std::vector<Stretch> shells_of(const RecordingPlan& plan, const std::vector<Gap>& pauses) {
  std::vector<Stretch> shells;
  for (const Gap& pause : pauses) {
    const Time before = shells.empty() ? plan.start : shells.back().to;
    const Time from = pause.start - before < kShortestSegment ? std::min(before, pause.start) : pause.start;
    if (!shells.empty() && from <= shells.back().to) {
      shells.back().to = std::max(shells.back().to, pause.end);
    } else {
      shells.push_back({from, pause.end});
    }
  }
  if (!shells.empty() && plan.end - shells.back().to < kShortestSegment) shells.back().to = plan.end;
  return shells;
}

RecordingPlan part_of(const RecordingPlan& plan, Stretch part) {
  RecordingPlan cut;
  cut.start = part.from;
  cut.end = part.to;
  cut.channels.resize(plan.channels.size());
  cut.drops_touched = plan.drops_touched;
  return cut;
}

Segment segment_of(const RecordingPlan& plan, Stretch part) {
  Segment segment{.shell = false, .plan = part_of(plan, part)};
  for (std::size_t c = 0; c < plan.channels.size(); ++c) {
    for (calls::TrackSpan span : plan.channels[c].spans) {
      span.from = std::max(span.from, part.from);
      span.to = std::min(span.to, part.to);
      if (span.from < span.to) segment.plan.channels[c].spans.push_back(span);
    }
  }
  for (Gap gap : plan.gaps) {
    gap.start = std::max(gap.start, part.from);
    gap.end = std::min(gap.end, part.to);
    if (!is_pause(gap) && gap.start < gap.end) segment.plan.gaps.push_back(std::move(gap));
  }
  return segment;
}

/// The gap that lasts longest goes on up to `time`.
void cover_up_to(Time time, std::vector<Gap>& gaps) {
  const auto latest = std::ranges::max_element(gaps, {}, &Gap::end);
  if (latest != gaps.end()) latest->end = std::max(latest->end, time);
}

/// A scrap is told with the pause before it, or with the first one.
Segment shell_of(const RecordingPlan& plan, Stretch part, const std::vector<Gap>& pauses) {
  Segment shell{.shell = true, .plan = part_of(plan, part)};
  std::vector<Gap>& gaps = shell.plan.gaps;
  for (const Gap& pause : pauses) {
    if (pause.start < part.from || pause.end > part.to) continue;
    cover_up_to(pause.start, gaps);
    gaps.push_back(pause);
  }
  gaps.front().start = part.from;
  cover_up_to(part.to, gaps);
  return shell;
}

}  // namespace

std::vector<Segment> segments_of(const RecordingPlan& plan) {
  std::vector<Segment> segments;
  const std::vector<Gap> pauses = pauses_of(plan);
  Time at = plan.start;
  for (const Stretch& shell : shells_of(plan, pauses)) {
    if (at < shell.from) segments.push_back(segment_of(plan, {at, shell.from}));
    segments.push_back(shell_of(plan, shell, pauses));
    at = shell.to;
  }
  if (at < plan.end) segments.push_back(segment_of(plan, {at, plan.end}));
  return segments;
}

}  // namespace tapestry::mux
