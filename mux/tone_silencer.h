#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "dtmf/tone_detector.h"
#include "mux/channel.h"

namespace tapestry::mux {

/// By how much more than a DTMF tone is silenced on either side: its edges, and what a codec smears.
constexpr Duration kToneMargin = std::chrono::milliseconds(20);

/// One channel of a recording, whose DTMF tones are found, and if so wished silent: from kToneMargin before each to
/// kToneMargin behind it. It reads the channel ahead by as much as the detector may take to be sure.
template <class Method>
class ToneSilencer {
 public:
  using Sample = Method::Sample;

  /// `channel`, of `samples` in all, must outlive it, and nobody else may fill from it. `law` is the channel's.
  ToneSilencer(Channel<Method>& channel, Position samples, Law law, Rate rate, bool silences = true);
  /// As Channel::fill().
  void fill(Position from, std::span<Sample> block);
  /// Tones that lie before all that is still to be given, in order; no longer here then.
  std::vector<dtmf::Tone> take_past();
  /// Whether a tone was found so far, at the latest when the block that holds its beginning was filled.
  [[nodiscard]] bool found_any() const noexcept { return found_any_; }

 private:
  void read(Position from, std::span<Sample> samples);
  void silence(Position from, std::span<Sample> block);

  Channel<Method>& channel_;
  Position samples_;
  Law law_;
  Position margin_;
  Position ahead_most_;
  Sample silence_;
  dtmf::ToneDetector detector_;
  std::vector<Sample> ahead_;  ///< read, but not given yet
  std::vector<std::int16_t> decoded_;
  std::vector<dtmf::Tone> tones_;
  Position given_ = 0;  ///< end of what was given
  bool found_any_ = false;
  bool silences_;
};

extern template class ToneSilencer<Decoding>;
extern template class ToneSilencer<PassingOn>;

}  // namespace tapestry::mux
