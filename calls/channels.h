#pragma once
#include <vector>

#include "calls/call.h"

namespace tapestry::calls {

/// The window of a recording.
struct Window {
  Time start;
  Time end;
};

/// Decides which tracks make up the audio that `sender` sent inside the window: of a stream seen on several hops the
/// copy nearest to its sender, of two sources at one address the one that signalling names; sets each track's use.
/// `tracks` are the call's, by index.
std::vector<TrackSpan> plan_channel(const Call& call, std::vector<Track>& tracks, Side sender, const Window& window);

}  // namespace tapestry::calls
