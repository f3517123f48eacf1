#pragma once
#include <vector>

#include "calls/leg.h"

namespace tapestry::calls {

/// What of the stretches lies outside of all the windows.
std::vector<TrackSpan> without(const std::vector<TrackSpan>& spans, const std::vector<Window>& windows);

/// When a stretch's stream was really there: the stretch reaches further, for packets that come late.
Window extent_of(const TrackSpan& span, const Track& track);

/// Those of `spans` that no span of `taken` of the same stream (SSRC and endpoints) covers: a stream that two calls
/// name is heard once.
std::vector<TrackSpan> without_copies(const std::vector<TrackSpan>& spans, const std::vector<TrackSpan>& taken,
                                      const std::vector<Track>& tracks);

}  // namespace tapestry::calls
