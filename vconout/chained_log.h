#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "vconout/json.h"

namespace tapestry::vconout {

class File;

/// Octets of one text of an entry, after masking; what is longer is cut, and ends with `...` then.
inline constexpr std::size_t kMostAuditText = 512;
/// Octets of one line with its end, at most.
inline constexpr std::size_t kMostAuditLine = 32U << 10U;

/// A text from outside, as an entry may hold it: payment card numbers masked, at most kMostAuditText octets, UTF-8.
[[nodiscard]] std::string audit_text(std::string_view wire);

/// The same of a path, or of a text that may be a uuid: what between two `/` has a uuid's form stays as it is. Of some
/// uuids the digits would pass for a card's number, and the line could not be found by it.
[[nodiscard]] std::string audit_path(std::string_view wire);

/// The end of a chain: what whoever anchors the log keeps of it.
struct AuditHead {
  std::uint64_t seq = 0;                    ///< of the last line, which is its number in the file; 0: there is none
  std::string hash = std::string(64, '0');  ///< SHA-256 of the last line without its end, hexadecimal
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// A file to which lines are only ever added: one JSON object each, with the hash of the line before, so that none can
/// be changed, added or taken away without all later ones showing it (docs/audit.md). Each line is one write, also
/// where several processes write at once. One thread. Throws std::runtime_error when the file fails, is no audit log,
/// or was taken away meanwhile.
class ChainedLog {
 public:
  enum class Sync : std::uint8_t { Never, EachLine };
  /// Who may read and write the file: its owner, or its group as well, whatever the umask.
  enum class Writers : std::uint8_t { Owner, Group };

  /// Nothing is made before the first entry; an existing file is gone on with. With Group, one that is this user's
  /// becomes so. One that root makes, or made before, is given to its folder's owner when root opens it.
  explicit ChainedLog(std::filesystem::path file, Sync sync = Sync::Never, Writers writers = Writers::Owner);
  ~ChainedLog();
  ChainedLog(const ChainedLog&) = delete;
  ChainedLog& operator=(const ChainedLog&) = delete;

  /// Appends the members of `entry`, between `seq` and `previous`; its texts are the caller's to bound. A last line
  /// that a crash left without its end is ended first, and followed by `torn` in the same way, with `last_whole`: the
  /// hash of the last entry before it.
  void add(const Json& entry, const Json& torn);

  /// Looks at what others appended since, or that they made the file.
  void refresh();

  /// Of the file as this object last saw it.
  [[nodiscard]] const AuditHead& head() const noexcept { return head_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  void open_existing();
  void open_new();
  void settle_access();
  void catch_up();
  [[nodiscard]] Json line_of(const Json& entry) const;
  void append(const std::string& line);

  std::filesystem::path path_;
  Sync sync_;
  Writers writers_;
  std::unique_ptr<File> file_;
  std::uint64_t size_ = 0;  ///< of the file when head_ was its end
  AuditHead head_;
  std::string last_whole_ = AuditHead{}.hash;  ///< hash of the last line that is an entry
  bool ended_ = true;                          ///< the last line is
  bool torn_ = false;                          ///< the last line is no whole entry
};

}  // namespace tapestry::vconout
