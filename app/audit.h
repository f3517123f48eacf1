#pragma once
#include <cstdint>
#include <filesystem>
#include <ostream>

namespace tapestry::app {

/// The logs that are kept.
enum class AuditKind : std::uint8_t { Markers, Access, Retention };

/// What `tapestry audit` is asked for.
struct AuditQuestion {
  std::filesystem::path log;            ///< the log, its folder, or the output folder that has it
  bool json = false;                    ///< one JSON document instead of a table
  AuditKind kind = AuditKind::Markers;  ///< in a folder: audit.jsonl, access.jsonl or retention.jsonl
};

/// `tapestry audit`: prints the entries of a log, and checks its chain. Exit status: 0, 1 when the
/// chain is broken (`err` says at which line), 2 when there is no log. Throws std::runtime_error when it cannot be
/// read.
int audit(const AuditQuestion& question, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
