#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "mux/render.h"

namespace tapestry::bench {

/// Two channels of 16-bit samples, interleaved.
using Recording = std::vector<std::int16_t>;

/// Every WAV file below the folder. Throws std::runtime_error when one cannot be read or is not stereo at 8 kHz.
std::vector<Recording> read_recordings(const std::filesystem::path& folder);

/// Encodes them with two mono libopus encoders each, 20 ms frames, and throws the packets away; as many threads as the
/// machine runs at once, as replay does. Gives the CPU seconds. Throws std::runtime_error when libopus fails.
double encode_bare(const std::vector<Recording>& recordings, const mux::Options& options);

}  // namespace tapestry::bench
