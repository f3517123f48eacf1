#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/scenes/truth.h"

/// The judge's ears: rules of ../shared/tools/judge.py over the samples of one recording.
namespace tapestry::testing {

/// Samples by channel; 8 kHz.
using Channels = std::vector<std::vector<double>>;

/// A 16-bit WAV file of 8 kHz; empty when it is none.
Channels read_wav(const std::filesystem::path& path);

/// The largest normalised correlation of `said` inside `heard`, which is longer by twice the greatest lag (150 ms). A
/// score that reaches `enough` ends the search.
double best_correlation(const std::vector<double>& heard, const std::vector<double>& said, double enough);

/// Sentences on every stretch that is not heard (correlation below `enough`, four seconds at a time) and every sound
/// where nobody speaks (above -45 dBFS). `start`: scene time of the first sample.
std::vector<std::string> audio_faults(const Channels& heard, const scenes::Recording& truth, double start,
                                      double enough);

/// Sentences on every pci gap that is not silent to the last bit, and on every one whose surroundings are silent where
/// the truth has somebody speak: both to a packet of 20 ms, or to the truth's gap_slack.
std::vector<std::string> pause_faults(const Channels& heard, const scenes::Recording& truth, double start);

}  // namespace tapestry::testing
