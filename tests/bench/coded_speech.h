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
};

/// Half a minute of a synthetic talker in every codec that this machine's FFmpeg can encode.
std::vector<CodecCase> make_codec_cases();

}  // namespace tapestry::bench
