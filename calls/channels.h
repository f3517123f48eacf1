#pragma once
#include <span>
#include <vector>

#include "calls/call.h"
#include "calls/leg.h"

namespace tapestry::calls {

/// Decides which tracks make up the audio that `sender` sent inside the window: of a stream seen on several hops the
/// copy nearest to its sender, of two sources at one address the one that signalling names; sets each track's use.
/// `tracks` are the call's, by index.
std::vector<TrackSpan> plan_channel(const Call& call, std::span<Track> tracks, Side sender, const Window& window);

/// What a track is that belongs to a recording: Recording, Codec or Undecryptable.
Use use_when_heard(const Track& track);

}  // namespace tapestry::calls
