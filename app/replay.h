#pragma once
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/process_memory.h"

namespace tapestry::app {

struct ReplaySettings {
  std::vector<std::string> captures;  ///< `-` is stdin
  std::filesystem::path out = "tapestry-out";
  Config config;
  unsigned finishers = 0;   ///< 0: as many as the machine runs at once
  MemoryProtection memory;  ///< what the process reached before
  bool progress = false;    ///< a progress line on the error stream
};

/// Runs captures as one timeline, in order of packet time (app/captures.h), through the whole recorder, and prints the
/// report: a table, or one JSON document, on `out`; notices and faults go to `err`. The exit status: 0 or, when
/// something went wrong with a capture or a conversation, 1. Throws ConfigError, or std::runtime_error when the output
/// folder, the spool, the catalog or the key fails.
int replay_and_print(const ReplaySettings& settings, bool json, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
