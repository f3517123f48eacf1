#pragma once
#include <string>
#include <vector>

#include "tests/bench/load.h"

namespace tapestry::bench {

/// A codec of the benchmark `codecs`: what is sent, and what the floor decodes it with.
struct CodecCase {
  std::string name;
  CodedSpeech speech;
  std::string decoder;           ///< FFmpeg's; empty: libopus
  std::uint32_t rate_hz = 8000;  ///< of the recording, and of what the decoder gives
  int sample_bits = 0;           ///< G.726
  /// Of each payload, as the decoder takes them; none: it takes the payload as it is.
  std::vector<std::vector<std::vector<std::uint8_t>>> frames{};
  std::size_t extra_samples = 0;  ///< that the decoder gives before those of each frame (DVI4)
};

/// Speech in every codec that the recorder decodes: half a minute of a synthetic talker where this machine's FFmpeg has
/// an encoder; for G.729, AMR and AMR-WB what phones sent in captures beside the project, and left out, with a line on
/// stderr, where they are not there; for iLBC frames of random bits, since there is neither.
std::vector<CodecCase> make_codec_cases();

}  // namespace tapestry::bench
