#include "mux/tone_silencer.h"

#include <algorithm>
#include <type_traits>

namespace tapestry::mux {

template <class Method>
ToneSilencer<Method>::ToneSilencer(Channel<Method>& channel, Position samples, Law law, Rate rate, bool silences)
    : channel_(channel),
      samples_(samples),
      law_(law),
      margin_(rate.samples(kToneMargin)),
      ahead_most_(dtmf::ToneDetector::latency_samples(rate.hz) + margin_),
      silence_(silence_of<Sample>(law)),
      detector_(rate.hz),
      silences_(silences) {}

template <class Method>
void ToneSilencer<Method>::fill(Position from, std::span<Sample> block) {
  const std::size_t kept = std::min(ahead_.size(), block.size());
  std::copy_n(ahead_.begin(), kept, block.begin());
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(kept));
  read(from + static_cast<Position>(kept), block.subspan(kept));
  const Position end = from + static_cast<Position>(block.size());
  const std::size_t before = ahead_.size();
  const Position wanted = std::min(samples_ - end, ahead_most_);
  if (wanted > static_cast<Position>(before)) ahead_.resize(static_cast<std::size_t>(wanted));
  read(end + static_cast<Position>(before), std::span(ahead_).subspan(before));
  silence(from, block);
}

template <class Method>
void ToneSilencer<Method>::read(Position from, std::span<Sample> samples) {
  if (samples.empty()) return;
  channel_.fill(from, samples);
  if constexpr (std::is_same_v<Sample, std::int16_t>) {
    detector_.add(samples, tones_);
  } else {
    decoded_.resize(samples.size());
    decode(law_, samples, decoded_);
    detector_.add(decoded_, tones_);
  }
  if (from + static_cast<Position>(samples.size()) >= samples_) detector_.finish(tones_);
}

template <class Method>
void ToneSilencer<Method>::silence(Position from, std::span<Sample> block) {
  const Position to = from + static_cast<Position>(block.size());
  const auto mute = [&](Position begin, Position end) {
    begin = std::clamp(begin, from, to);
    end = std::clamp(end, from, to);
    if (begin < end) std::fill_n(block.begin() + (begin - from), end - begin, silence_);
  };
  if (silences_) {
    for (const dtmf::Tone& tone : tones_) mute(tone.from - margin_, tone.to + margin_);
    if (const auto sounding = detector_.sounding()) mute(*sounding - margin_, to);
  }
  found_any_ = found_any_ || !tones_.empty() || detector_.sounding();
  given_ = to;
}

template <class Method>
std::vector<dtmf::Tone> ToneSilencer<Method>::take_past() {
  const auto past = std::ranges::find_if(
      tones_, [&](const dtmf::Tone& one) { return given_ < samples_ && one.to + margin_ > given_; });
  std::vector<dtmf::Tone> taken(tones_.begin(), past);
  tones_.erase(tones_.begin(), past);
  return taken;
}

template class ToneSilencer<Decoding>;
template class ToneSilencer<PassingOn>;

}  // namespace tapestry::mux
