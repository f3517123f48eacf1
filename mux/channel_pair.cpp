#include "mux/channel_pair.h"

#include <algorithm>

#include "mux/gaps.h"

namespace tapestry::mux {

template <class Method>
ChannelPair<Method>::ChannelPair(const calls::RecordingPlan& plan, const spool::MediaStore& media,
                                 const std::array<std::vector<Voice>, 2>& voices, const Sheet& sheet)
    : channels_{Channel<Method>(media, voices[0], {silenced(plan, 0, sheet.samples, sheet.rate), sheet.beeps},
                                sheet.law, sheet.rate),
                Channel<Method>(media, voices[1], {silenced(plan, 1, sheet.samples, sheet.rate), sheet.beeps},
                                sheet.law, sheet.rate)} {
  silencers_.reserve(channels_.size());
  for (Channel<Method>& channel : channels_)
    silencers_.emplace_back(channel, sheet.samples, sheet.law, sheet.rate, sheet.silences_tones);
}

template <class Method>
void ChannelPair<Method>::fill(Position from, Blocks& blocks) {
  for (std::size_t c = 0; c < blocks.size(); ++c) silencers_[c].fill(from, blocks[c]);
}

template <class Method>
bool ChannelPair<Method>::found_tones() const noexcept {
  return std::ranges::any_of(silencers_, [](const auto& one) { return one.found_any(); });
}

template <class Method>
std::vector<dtmf::Tone> ChannelPair<Method>::take_past_tones(std::size_t channel) {
  return silencers_[channel].take_past();
}

template <class Method>
std::vector<std::vector<ForeignStretch>> ChannelPair<Method>::take_refused(std::size_t channel) {
  return channels_[channel].take_refused();
}

template class ChannelPair<Decoding>;
template class ChannelPair<PassingOn>;

}  // namespace tapestry::mux
