#include "calls/audio_state.h"

namespace tapestry::calls {

using sip::Direction;

namespace {

bool both_ways(const AudioState& audio) { return audio.direction == Direction::SendRecv && !audio.black_hole; }

}  // namespace

bool silences(const AudioState& audio) noexcept {
  return audio.black_hole || audio.direction == Direction::Inactive || audio.direction == Direction::SendOnly;
}

std::optional<AudioState> audio_of(const sip::Sdp* sdp) {
  if (sdp == nullptr) return std::nullopt;
  std::optional<AudioState> audio;
  bool ended = false;
  bool fax = false;
  LineSet lines;
  LineSet silenced;
  for (std::size_t n = 0; n < sdp->media.size(); ++n) {
    const sip::MediaDescription& media = sdp->media[n];
    fax |= media.media == "image" && media.port != 0;
    if (media.media != "audio") continue;
    ended |= media.port == 0;
    if (media.port == 0) continue;
    AudioState state;
    state.direction = media.direction;
    state.black_hole = media.black_hole();
    lines.set(n);
    silenced.set(n, silences(state));
    if (!audio || (both_ways(state) && !both_ways(*audio))) audio = state;
  }
  if (!audio && (!ended || fax)) return std::nullopt;
  AudioState whole = audio.value_or(AudioState{});
  if (!audio) whole.direction = Direction::Inactive;
  whole.ended = !audio;
  whole.lines = lines;
  whole.silenced = silenced;
  return whole;
}

}  // namespace tapestry::calls
