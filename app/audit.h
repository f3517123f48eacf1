#pragma once
#include <filesystem>
#include <ostream>

namespace tapestry::app {

/// What `tapestry audit` is asked for.
struct AuditQuestion {
  std::filesystem::path log;  ///< the log, its folder, or the output folder that has it
  bool json = false;          ///< one JSON document instead of a table
  bool access = false;        ///< in a folder: access.jsonl, not audit.jsonl
};

/// `tapestry audit`: prints the entries of an audit or access log, and checks its chain. Exit status: 0, 1 when the
/// chain is broken (`err` says at which line), 2 when there is no log. Throws std::runtime_error when it cannot be
/// read.
int audit(const AuditQuestion& question, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
