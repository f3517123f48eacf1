#pragma once
#include <vector>

#include "calls/interaction.h"

namespace tapestry::mux {

/// What is left of a recording between two pauses, or at its ends, and is shorter, belongs to the pause.
inline constexpr Duration kShortestSegment = std::chrono::milliseconds(20);

/// A part of a recording that is cut at its pauses.
struct Segment {
  bool shell = false;         ///< a pause: nothing of it is in any file
  calls::RecordingPlan plan;  ///< of this part alone; a shell's has no stretches, and the gaps of its pauses only
};

/// Cuts a recording at its pauses, whatever channels they are about: segments and shells, in order of time, that touch
/// and together are as long as the plan. Stretches and other gaps are cut to the segments that they lie in; the gaps of
/// a shell's pauses cover it, with what was too short to be a segment. One segment that is the plan when nothing pauses
/// it; none when the plan has no length. Any thread.
std::vector<Segment> segments_of(const calls::RecordingPlan& plan);

}  // namespace tapestry::mux
