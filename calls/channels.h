#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "calls/call.h"
#include "calls/leg.h"

namespace tapestry::calls {

/// What the audio lines of one description are to each other.
enum class Lines : std::uint8_t {
  Copies,  ///< one microphone, told to several: what a phone sends
  Sum      ///< several who are heard together: what a phone gets (distributed media, RFC 5850)
};

/// Decides which tracks make up the audio that `sender` sent inside the window: of a stream seen on several hops the
/// copy nearest to its sender, of two sources at one address the one that signalling names; sets each track's use.
/// With Lines::Sum the streams of other audio lines are heard as well, unless one host sends them to different ones (a
/// far-fork). `tracks` are the call's, by index.
std::vector<TrackSpan> plan_channel(const Call& call, std::span<Track> tracks, Side sender, const Window& window,
                                    Lines lines = Lines::Copies);

/// What a track is that belongs to a recording: Recording, Codec or Undecryptable.
Use use_when_heard(const Track& track);

}  // namespace tapestry::calls
