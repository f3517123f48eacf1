#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/measure.h"

namespace tapestry::bench {

/// Regular files below the folder; none when it is not there.
std::size_t count_files(const std::filesystem::path& folder);

/// Runs `tapestry replay` as a child, each time into a new folder below `work`, with a key made once. Folders are
/// removed at the end only: a file system that has just removed files is slow to make new ones.
class Replays {
 public:
  /// `program` is what runs `tapestry`, with arguments of its own, if any. Throws std::runtime_error when it cannot be
  /// run.
  Replays(std::vector<std::string> program, std::filesystem::path work);
  ~Replays();
  Replays(const Replays&) = delete;
  Replays& operator=(const Replays&) = delete;

  /// Both as in the configuration's [recording].
  struct Setting {
    std::string format;
    bool gating = true;
  };

  /// Throws std::runtime_error when the child fails or does not make so many `recordings`.
  ChildUse run(const std::filesystem::path& capture, const Setting& setting, std::size_t recordings);

  /// The folder of the last run.
  [[nodiscard]] std::filesystem::path output() const { return folder_ / std::to_string(runs_); }

 private:
  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& arguments) const;

  std::vector<std::string> program_;
  std::filesystem::path work_;
  std::filesystem::path folder_;
  unsigned runs_ = 0;
};

/// Whole-run CPU of replay to Opus beside bare libopus on the same samples; medians of runs that took turns.
struct OpusCost {
  double floor_seconds = 0;
  double ours_seconds = 0;
};
OpusCost measure_opus(Replays& replays, const std::filesystem::path& capture, std::size_t calls, int rounds);

/// CPU seconds of replay to G.711 WAV beside what no recorder can do without: libpcap reads the capture, and files of
/// that size are hashed, written and synced; medians of runs that took turns.
struct G711Cost {
  double floor_seconds = 0;
  double ours_seconds = 0;
};
G711Cost measure_g711(Replays& replays, const std::filesystem::path& capture, std::size_t calls, int rounds);

/// Whole-run CPU of replay to Opus that rests in silence beside one that encodes it; medians, as above.
struct GatingCost {
  double whole_seconds = 0;
  double gated_seconds = 0;
};
GatingCost measure_gating(Replays& replays, const std::filesystem::path& capture, std::size_t calls, int rounds);

}  // namespace tapestry::bench
