#pragma once
#include <span>
#include <vector>

#include "calls/history.h"
#include "calls/leg.h"

namespace tapestry::calls {

/// What signalling and captured packets alone tell of a recording that is made of an agent's `own` calls, which are in
/// order of time: holds (unless their audio is kept) and time between two calls; of the streams that were chosen, what
/// a snap length cut off; one gap for each call that had video. `tracks` are the conversation's. Sorts the gaps.
void add_gaps(const std::vector<Leg>& legs, const std::vector<OwnLeg>& own, std::span<const Track> tracks,
              bool keep_hold_audio, RecordingPlan& recording);

}  // namespace tapestry::calls
