#pragma once
#include <optional>

#include "calls/call.h"

namespace tapestry::calls {

/// What a description says of its audio; `sdp` may be nullptr. Nothing without audio, nor when a fax (T.38)
/// has taken its place.
std::optional<AudioState> audio_of(const sip::Sdp* sdp);

/// Whoever says this holds the other end.
bool silences(const AudioState& audio) noexcept;

}  // namespace tapestry::calls
