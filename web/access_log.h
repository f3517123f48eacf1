#pragma once
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

#include "core/time.h"
#include "vconout/chained_log.h"

namespace tapestry::web {

/// Refused requests of strangers that get a line of their own in one second, and in one hour; the others are only
/// counted, so that nobody fills the disk from outside.
inline constexpr std::uint64_t kMostStrangersPerSecond = 20;
inline constexpr std::uint64_t kMostStrangersPerHour = 1'000;

/// One request for something that people are in, and what came of it.
struct Access {
  Time time;
  std::string who;     ///< Caller::who
  std::string by;      ///< Caller::by
  std::string peer;    ///< Request::peer
  std::string method;  ///< as sent
  std::string path;    ///< decoded; as sent, without query, where it is no target
  std::string range;   ///< as sent; empty: none, or nothing was given
  unsigned status = 0;
  bool stranger = false;  ///< Caller::role is none: anybody can send such a request, as often as they like
};

/// `access.jsonl`, a chain of its own beside the audit log (docs/audit.md), which its group writes, too: it is the
/// server's and whoever's exports. Any thread. Throws std::runtime_error as vconout::ChainedLog does: then nothing may
/// be answered.
class AccessLog {
 public:
  /// Nothing is made before the first entry.
  explicit AccessLog(const std::filesystem::path& folder)
      : log_(folder / "access.jsonl", vconout::ChainedLog::Sync::Never, vconout::ChainedLog::Writers::Group) {}

  void add(const Access& access);

 private:
  /// Strangers' lines in a stretch of the clock.
  struct Stretch {
    std::int64_t number = 0;
    std::uint64_t lines = 0;
    [[nodiscard]] bool takes(std::int64_t now, std::uint64_t most);
  };
  [[nodiscard]] bool is_too_many(const Access& access);

  std::mutex mutex_;
  vconout::ChainedLog log_;
  Stretch second_;
  Stretch hour_;
  std::uint64_t unlogged_ = 0;  ///< since the last line
};

}  // namespace tapestry::web
