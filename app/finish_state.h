#pragma once
#include <filesystem>

#include "app/finisher_pool.h"
#include "app/service_status.h"
#include "spool/segment.h"

namespace tapestry::app {

/// What `tapestry finish` tells of itself, in finish.json below the output folder; empty where there is none.
[[nodiscard]] StorageStatus read_finish_state(const std::filesystem::path& out);

/// What finish.json holds.
struct FinishState {
  Time following = Time::min();  ///< packet time of what was read last
  Backlog waiting;               ///< closed, and not in the catalog
  std::uint64_t finished = 0;    ///< since the start
  std::uint64_t failed = 0;      ///< tries, since the start
  spool::Usage log;
  friend bool operator==(const FinishState&, const FinishState&) = default;
};

/// Puts it into its place as a whole. Throws std::runtime_error when the disk fails.
void write_finish_state(const std::filesystem::path& out, const FinishState& state);

}  // namespace tapestry::app
