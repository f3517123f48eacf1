#pragma once
#include <array>
#include <span>
#include <vector>

#include "mux/channel.h"
#include "mux/tone_silencer.h"

namespace tapestry::mux {

/// What the channels of one recording share.
struct Sheet {
  Position samples = 0;
  Rate rate;
  Law law = Law::Mu;            ///< what codes mean (PassingOn only)
  bool silences_tones = false;  ///< else they are only found
  bool beeps = false;           ///< Silenced::beep
};

/// Both channels of a recording, made block by block; their DTMF tones are found, and silenced if so wished.
template <class Method>
class ChannelPair {
 public:
  using Sample = Method::Sample;
  using Blocks = std::array<std::vector<Sample>, 2>;

  /// `voices` must outlive the pair.
  ChannelPair(const calls::RecordingPlan& plan, const spool::MediaStore& media,
              const std::array<std::vector<Voice>, 2>& voices, const Sheet& sheet);
  ChannelPair(const ChannelPair&) = delete;
  ChannelPair& operator=(const ChannelPair&) = delete;

  /// Fills both blocks, which are equally long, and whose first samples are at `from`. Blocks must follow each other.
  void fill(Position from, Blocks& blocks);
  /// As ToneSilencer's, of either channel.
  [[nodiscard]] bool found_tones() const noexcept;
  /// As ToneSilencer's.
  std::vector<dtmf::Tone> take_past_tones(std::size_t channel);
  /// As Channel's.
  std::vector<std::vector<ForeignStretch>> take_refused(std::size_t channel);

 private:
  std::array<Channel<Method>, 2> channels_;
  std::vector<ToneSilencer<Method>> silencers_;  ///< one for each channel
};

extern template class ChannelPair<Decoding>;
extern template class ChannelPair<PassingOn>;

}  // namespace tapestry::mux
