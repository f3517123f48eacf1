#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/bench/measure.h"

namespace tapestry::bench {

/// Runs `tapestry replay` as a child, each time into an empty folder below `work`, with a key made once.
class Replays {
 public:
  /// Throws std::runtime_error when the program cannot be run.
  Replays(std::filesystem::path tapestry, std::filesystem::path work);

  /// `format` as in the configuration's [recording]. Throws std::runtime_error when the child fails or does not make
  /// `recordings` of them.
  ChildUse run(const std::filesystem::path& capture, const std::string& format, std::size_t recordings) const;

  /// The folder of the last run, until the next.
  [[nodiscard]] std::filesystem::path output() const { return work_ / "out"; }

 private:
  std::filesystem::path tapestry_;
  std::filesystem::path work_;
};

/// Whole-run CPU of replay to Opus beside bare libopus on the same samples; medians of runs that took turns.
struct OpusCost {
  double floor_seconds = 0;
  double ours_seconds = 0;
};
OpusCost measure_opus(const Replays& replays, const std::filesystem::path& capture, std::size_t calls, int rounds);

/// Median CPU seconds of replay to G.711 WAV.
double measure_g711(const Replays& replays, const std::filesystem::path& capture, std::size_t calls, int rounds);

}  // namespace tapestry::bench
