#pragma once
#include <filesystem>

#include "calls/marker_report.h"
#include "vconout/chained_log.h"

namespace tapestry::vconout {

/// Every marker that was seen, and what came of it, in the chain of `audit.jsonl` (docs/audit.md). Payment card numbers
/// are masked. One thread. Throws std::runtime_error as ChainedLog does.
class AuditLog {
 public:
  using Sync = ChainedLog::Sync;

  /// `folder`/audit.jsonl. Nothing is made before the first entry; an existing file is gone on with.
  explicit AuditLog(const std::filesystem::path& folder, Sync sync = Sync::Never)
      : log_(folder / "audit.jsonl", sync) {}

  /// Appends an entry. A line that a crash left without its end is followed by an entry with the action `torn`.
  void add(const calls::MarkerReport& report);

  /// Looks at what others appended since.
  void refresh() { log_.refresh(); }
  /// Of the file as this object last saw it.
  [[nodiscard]] const AuditHead& head() const noexcept { return log_.head(); }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return log_.path(); }

 private:
  ChainedLog log_;
};

}  // namespace tapestry::vconout
