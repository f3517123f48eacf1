#pragma once
#include <filesystem>
#include <string>

#include "core/time.h"
#include "vconout/chained_log.h"

namespace tapestry::app {

/// What somebody did to what is kept.
struct RetentionEntry {
  Time time;
  std::string action;  ///< `hold`, `release`, `delete`
  std::string who;
  std::string matter{};  ///< of hold and release
  std::string kind{};    ///< Hold::kind; empty: all of the matter
  std::string value{};
  std::string uuid{};  ///< of delete
  std::string reason{};
  std::string rule{};
};

/// `audit/retention.jsonl` below the output folder, a chain of its own (docs/audit.md), each line synced. One thread.
/// Throws std::runtime_error as vconout::ChainedLog does: then nothing may be done.
class RetentionLog {
 public:
  /// Nothing is made before the first entry.
  explicit RetentionLog(const std::filesystem::path& out)
      : log_(out / "audit" / "retention.jsonl", vconout::ChainedLog::Sync::EachLine) {}

  void add(const RetentionEntry& entry);

 private:
  vconout::ChainedLog log_;
};

/// The name of the user that this process runs as, `uid 1000` where it has none.
std::string local_user();

}  // namespace tapestry::app
