#include "mux/channel.h"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "mux/beep.h"

namespace tapestry::mux {
namespace {

std::int16_t sum(std::int16_t left, std::int16_t right) noexcept {
  using Limits = std::numeric_limits<std::int16_t>;
  return static_cast<std::int16_t>(std::clamp<int>(left + right, Limits::min(), Limits::max()));
}

}  // namespace

template <class Method>
Channel<Method>::Channel(const spool::MediaStore& media, const std::vector<Voice>& voices, Silenced silenced, Law law,
                         Rate rate)
    : silenced_(std::move(silenced.where)),
      beeps_(silenced.beep ? beeps_in(silenced_, rate) : Intervals()),
      law_(law),
      rate_(rate),
      silence_(silence_of<Sample>(law)) {
  players_.reserve(voices.size());
  for (const Voice& voice : voices) players_.emplace_back(media, voice, rate);
}

template <class Method>
void Channel<Method>::fill(Position from, std::span<Sample> block) {
  std::ranges::fill(block, silence_);
  const Intervals here{{from, from + static_cast<Position>(block.size())}};
  bool first = true;
  for (Player<Method>& player : players_) {
    if (intersect(here, player.windows()).empty()) continue;
    if (first) {
      player.play(from, block, silence_);
      first = false;
      continue;
    }
    one_.assign(block.size(), silence_);
    player.play(from, one_, silence_);
    add(one_, block);
  }
  for (const Interval& silent : intersect(here, silenced_)) {
    std::fill_n(block.begin() + (silent.from - from), silent.to - silent.from, silence_);
  }
  beep(from, block);
}

template <class Method>
void Channel<Method>::beep(Position from, std::span<Sample> block) const {
  const Position end = from + static_cast<Position>(block.size());
  for (auto one = std::ranges::upper_bound(beeps_, from, {}, &Interval::to); one != beeps_.end() && one->from < end;
       ++one) {
    for (Position at = std::max(from, one->from); at < std::min(end, one->to); ++at) {
      const std::int16_t sample = beep_sample(at - one->from, rate_);
      if constexpr (std::is_same_v<Sample, std::int16_t>) {
        block[static_cast<std::size_t>(at - from)] = sample;
      } else {
        block[static_cast<std::size_t>(at - from)] = encode(law_, sample);
      }
    }
  }
}

template <class Method>
void Channel<Method>::add(std::span<const Sample> voice, std::span<Sample> block) const {
  for (std::size_t i = 0; i < block.size(); ++i) {
    if constexpr (std::is_same_v<Sample, std::int16_t>) {
      block[i] = sum(block[i], voice[i]);
    } else if (block[i] == silence_) {
      block[i] = voice[i];
    } else if (voice[i] != silence_) {
      block[i] = encode(law_, sum(decode(law_, block[i]), decode(law_, voice[i])));
    }
  }
}

template <class Method>
std::vector<std::vector<ForeignStretch>> Channel<Method>::take_refused() {
  std::vector<std::vector<ForeignStretch>> refused;
  for (Player<Method>& player : players_) refused.push_back(player.take_refused());
  return refused;
}

template class Channel<Decoding>;
template class Channel<PassingOn>;

}  // namespace tapestry::mux
