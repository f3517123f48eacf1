#pragma once
#include <filesystem>
#include <string>

#include "tests/leak/schedule.h"

namespace tapestry::leak {

/// What came of a run.
struct Ran {
  std::string failure{};  ///< empty: none
  std::size_t vcons = 0;
  bool killed = false;
};

/// Replays the schedule into `folder`/out within this process; what was printed lies there, too. `gated`: pauses are
/// honoured.
Ran replay_here(const Schedule& schedule, const std::filesystem::path& folder, bool gated);

/// Feeds the capture to `program` as a child, little by little, and ends it with `signal` once `part` (0 to 1) of it is
/// written; a part of 1 lets it finish. All that the child may write lies in `folder`/out, which is its working and
/// temporary folder.
Ran replay_and_kill(const Schedule& schedule, const std::filesystem::path& folder, const std::filesystem::path& program,
                    int signal, double part);

}  // namespace tapestry::leak
