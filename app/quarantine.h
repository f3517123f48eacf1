#pragma once
#include <filesystem>
#include <ostream>
#include <string>

#include "core/time.h"

namespace tapestry::app {

/// Makes an empty file that only its owner may read and write, below a quarantine folder of `out` that only its owner
/// may look into. Throws std::runtime_error.
void make_private(const std::filesystem::path& out, const std::filesystem::path& file);

/// Moves the media of the vCon `uuid`, which began at `start`, from quarantine to where it is fetched; what is there
/// already is replaced. Does nothing when there is none. Throws std::runtime_error.
void bring_out(const std::filesystem::path& out, Time start, const std::string& uuid);

/// `tapestry release`: moves the media of the vCon `uuid` from quarantine to where its urls point, each file synced,
/// and names every file on `out`. What a release that was interrupted left behind, the next one moves. Exit status: 0;
/// 1 when a file cannot be moved, which is told on `err`. Throws ConfigError when `uuid` is none, or nothing of it is
/// in quarantine; std::runtime_error when the disk fails.
int release(const std::filesystem::path& folder, const std::string& uuid, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
