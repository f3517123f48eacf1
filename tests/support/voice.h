#pragma once
#include <cstdint>

namespace tapestry::testing {

/// A synthetic talker: harmonics of a wandering pitch, shaped into syllables and phrases. A pure function of time, so
/// whoever knows the voice knows what a recording must hold.
struct Voice {
  double pitch_hz = 120;
  double level = 6000;  ///< peak of the loudest syllables, of 32767
};

/// The sample at `seconds`.
std::int16_t voice_sample(const Voice& voice, double seconds);

/// Two held notes in turn, for music on hold.
std::int16_t music_sample(double seconds);

/// ITU-T G.711 mu-law of a linear sample.
std::uint8_t mu_law(std::int16_t sample);

}  // namespace tapestry::testing
