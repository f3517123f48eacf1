#pragma once
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/report.h"

namespace tapestry::app {

struct ReplaySettings {
  std::vector<std::string> captures;  ///< `-` is stdin
  std::filesystem::path out = "tapestry-out";
  Config config;
  unsigned finishers = 0;  ///< 0: as many as the machine runs at once
  bool progress = false;   ///< a progress line on the error stream
};

/// Runs captures as one timeline, in order of their first packets, through the whole recorder. What goes wrong with one
/// capture or one conversation is in the report's faults; notices go to `err`. Throws ConfigError, or
/// std::runtime_error when the output folder, the spool, the catalog or the key fails.
Report replay(const ReplaySettings& settings, std::ostream& err);

/// replay() with its report printed: a table, or one JSON document, on `out`; faults on `err`. The exit status: 0 or,
/// with faults, 1.
int replay_and_print(const ReplaySettings& settings, bool json, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
