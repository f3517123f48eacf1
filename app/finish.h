#pragma once
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>

#include "app/config.h"

namespace tapestry::app {

struct FinishSettings {
  std::filesystem::path out = "tapestry-out";
  std::function<Config()> load;  ///< the configuration; called again on SIGHUP. Throws ConfigError
  unsigned finishers = 0;        ///< 0: as many as the machine runs at once
  bool until_end = false;        ///< until all is finished that a capture left which has ended
  int parent = 0;                ///< process that it ends with; 0: none
  std::string journal_stream{};  ///< service::Journal's; empty: lines of text
};

/// `tapestry finish`: follows the log of `tapestry run`, and makes recordings and vCons of what is over in it, until
/// SIGTERM or SIGINT comes. What is in the catalog is destroyed in the log. Whoever kills it loses nothing: the next
/// one begins at the log's beginning. What could not be written is tried again. A line on `err` for each conversation,
/// and one for each new reason why one cannot be written. SIGHUP: the program executes itself again, once the
/// configuration is found right. Exit status: 0; with `until_end` 1 when something is left. Throws ConfigError, and
/// std::runtime_error when another one works on the spool, or the disk, the log or a key fails.
int finish(const FinishSettings& settings, std::ostream& err);

}  // namespace tapestry::app
