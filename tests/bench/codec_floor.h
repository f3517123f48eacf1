#pragma once
#include <cstdint>

#include "tests/bench/coded_speech.h"

namespace tapestry::bench {

/// Decodes `streams` streams of `packets` payloads each with the bare decoder, encodes what it gives with bare libopus
/// as mux does without gating, and throws it away; as many threads as the machine runs at once. Gives the CPU seconds.
/// Throws std::runtime_error when a library fails.
double transcode_bare(const CodecCase& codec, std::uint32_t streams, std::uint32_t packets);

}  // namespace tapestry::bench
