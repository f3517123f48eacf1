#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "calls/marker_report.h"

namespace tapestry::vconout {

class File;

/// Octets of one text of an entry, after masking; what is longer is cut, and ends with `...` then.
inline constexpr std::size_t kMostAuditText = 512;
/// Octets of one line with its end, at most.
inline constexpr std::size_t kMostAuditLine = 32U << 10U;

/// The end of a chain: what whoever anchors the log keeps of it.
struct AuditHead {
  std::uint64_t seq = 0;                    ///< of the last line, which is its number in the file; 0: there is none
  std::string hash = std::string(64, '0');  ///< SHA-256 of the last line without its end, hexadecimal
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// Every marker that was seen, and what came of it: one JSON object per line of `audit.jsonl`, each with the hash of
/// the line before, so that none can be changed, added or taken away without all later ones showing it (docs/audit.md).
/// Lines are only ever appended, each by one write, also where several processes write at once. Payment card numbers
/// are masked. One thread. Throws std::runtime_error when the file fails, is no audit log, or was taken away meanwhile.
class AuditLog {
 public:
  enum class Sync : std::uint8_t { Never, EachLine };

  /// `folder`/audit.jsonl. Nothing is made before the first entry; an existing file is gone on with.
  explicit AuditLog(std::filesystem::path folder, Sync sync = Sync::Never);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  /// Appends an entry. A last line that a crash left without its end is ended first, and followed by an entry with the
  /// action `torn`, which holds the hash of the last entry before it, too.
  void add(const calls::MarkerReport& report);

  /// Of the file as this object last saw it.
  [[nodiscard]] const AuditHead& head() const noexcept { return head_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  void open_new();
  void catch_up();
  void append(const std::string& line);

  std::filesystem::path path_;
  Sync sync_;
  std::unique_ptr<File> file_;
  std::uint64_t size_ = 0;  ///< of the file when head_ was its end
  AuditHead head_;
  std::string last_whole_ = AuditHead{}.hash;  ///< hash of the last line that is an entry
  bool ended_ = true;                          ///< the last line is
  bool torn_ = false;                          ///< the last line is no whole entry
};

}  // namespace tapestry::vconout
