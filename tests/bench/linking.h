#pragma once
#include <cstddef>
#include <filesystem>

#include "tests/bench/linked_load.h"

namespace tapestry::bench {

/// What linking took of one run.
struct LinkingCost {
  double linking_seconds = 0;  ///< CPU
  double whole_seconds = 0;    ///< CPU of all threads
  double wall_seconds = 0;
  double peak_megabytes = 0;  ///< largest resident set
};

/// Replays the load, which comes through a pipe, to G.711 by `probe` (linking_probe). Throws std::runtime_error when it
/// fails or makes another number of vCons or recordings than the load has.
LinkingCost measure_linking(const std::filesystem::path& probe, const std::filesystem::path& work,
                            const LinkedLoad& load);

/// What the pipeline (decoder to correlator) holds on the heap, in 10^6 bytes above what it has at its start.
struct LinkingMemory {
  double most = 0;
  double quiet = 0;  ///< five minutes after the last dialog
  double later = 0;  ///< 25 hours after that: nothing can be amended any more
};

/// The same without anything behind the correlator. Throws std::runtime_error when it fails, when calls are open in the
/// quiet, or when fewer calls were joined than the load has transfers.
LinkingCost measure_pipeline(const std::filesystem::path& probe, const std::filesystem::path& work,
                             const LinkedLoad& load, LinkingMemory& memory);

}  // namespace tapestry::bench
