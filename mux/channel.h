#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "mux/player.h"
#include "mux/voice.h"

namespace tapestry::mux {

/// When a channel is silent whoever speaks.
struct Silenced {
  Intervals where;
  bool beep = false;  ///< it begins and ends with a beep
};

/// One channel of a recording, made block by block from its voices: several at once are summed and limited to 16 bits.
template <class Method>
class Channel {
 public:
  using Sample = Method::Sample;

  /// `law` tells what codes mean (PassingOn only). `voices` must outlive the channel.
  Channel(const spool::MediaStore& media, const std::vector<Voice>& voices, Silenced silenced, Law law, Rate rate);
  /// Fills `block`, whose first sample is at `from`. Blocks must follow each other.
  void fill(Position from, std::span<Sample> block);
  /// Stretches that a decoder refused, by voice; no longer here then.
  std::vector<std::vector<ForeignStretch>> take_refused();

 private:
  void add(std::span<const Sample> voice, std::span<Sample> block) const;

  void beep(Position from, std::span<Sample> block) const;

  std::vector<Player<Method>> players_;
  Intervals silenced_;
  Intervals beeps_;
  Law law_;
  Rate rate_;
  Sample silence_;
  std::vector<Sample> one_;
};

extern template class Channel<Decoding>;
extern template class Channel<PassingOn>;

}  // namespace tapestry::mux
