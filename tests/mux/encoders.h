#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tapestry::mux {

using Payloads = std::vector<std::vector<std::uint8_t>>;

/// One of FFmpeg's encoders, mono.
struct EncoderSettings {
  std::string name;
  int sample_hz = 8000;
  int bit_rate = 0;
  int frame = 0;    ///< samples in each; 0: as the encoder wants
  int overlap = 0;  ///< samples that each frame has in common with the one before
  std::map<std::string, std::string> options{};
};

/// What each frame becomes; the last, incomplete one is left out. Empty when this FFmpeg has no such encoder.
Payloads encode_frames(const EncoderSettings& settings, std::span<const std::int16_t> samples);
/// The same bytes, cut anew.
Payloads cut(const Payloads& frames, std::size_t bytes);

/// What `ffmpeg INPUT... -i FILE -ar RATE -ac 1` makes of the bytes; empty when it fails.
std::vector<std::int16_t> decode_by_command(const std::vector<std::uint8_t>& bytes, const std::string& input,
                                            int sample_hz);

/// The voice of the tests, at that rate.
std::vector<std::int16_t> voice(double seconds, int sample_hz);

/// How alike two signals are, at best, when the first is shifted against the second.
struct Likeness {
  double correlation = 0;
  double later_ms = 0;  ///< by how much the first comes later
};
Likeness compare(std::span<const std::int16_t> first, std::span<const std::int16_t> second, int sample_hz,
                 double most_ms = 20);
/// Mean distance of two signals' spectra, in decibels, where the second is no silence.
double spectral_distance(std::span<const std::int16_t> first, std::span<const std::int16_t> second);

}  // namespace tapestry::mux
