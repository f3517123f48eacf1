#pragma once
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

#include "core/time.h"
#include "vconout/chained_log.h"

namespace tapestry::web {

/// Refused requests of unknown callers that get a line of their own in one second; the others are only counted, so that
/// nobody fills the disk from outside.
inline constexpr std::uint64_t kMostStrangersPerSecond = 20;

/// One request for something that people are in, and what came of it.
struct Access {
  Time time;
  std::string who;     ///< Caller::who
  std::string by;      ///< Caller::by
  std::string peer;    ///< Request::peer
  std::string method;  ///< as sent
  std::string path;    ///< as sent, without query
  std::string range;   ///< as sent; empty: none
  unsigned status = 0;
};

/// `access.jsonl`, a chain of its own beside the audit log (docs/audit.md). Any thread. Throws std::runtime_error as
/// vconout::ChainedLog does: then nothing may be answered.
class AccessLog {
 public:
  /// Nothing is made before the first entry.
  explicit AccessLog(const std::filesystem::path& folder) : log_(folder / "access.jsonl") {}

  void add(const Access& access);

 private:
  [[nodiscard]] bool is_too_many(const Access& access);

  std::mutex mutex_;
  vconout::ChainedLog log_;
  std::int64_t second_ = 0;
  std::uint64_t strangers_ = 0;  ///< in that second
  std::uint64_t unlogged_ = 0;   ///< since the last line
};

}  // namespace tapestry::web
