#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "tests/crash/load.h"

namespace tapestry::crash {

/// What lies in an output folder, against what was sent.
struct Outcome {
  std::size_t vcons = 0;
  std::size_t calls = 0;            ///< different ones that some vCon tells of
  std::size_t repeated = 0;         ///< calls that are in two vCons
  std::uint64_t sent = 0;           ///< packets of RTP
  std::uint64_t recorded = 0;       ///< of them, in recordings
  std::vector<std::string> faults;  ///< of vCons and their media
};

[[nodiscard]] Outcome outcome_of(const std::filesystem::path& out, const Load& load);

}  // namespace tapestry::crash
