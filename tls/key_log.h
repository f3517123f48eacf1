#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/bytes.h"
#include "core/counter.h"
#include "core/time.h"
#include "tls/key_log_line.h"

namespace tapestry::tls {

/// The secrets of a key log, by connection, and the file that they come from, which may grow, be cut and be replaced
/// while it is read. Bounded: the oldest secrets go. One thread.
class KeyLog {
 public:
  static constexpr std::size_t kMaxSecrets = 200'000;
  /// Packet time between two looks at the file.
  static constexpr Duration kPollInterval = std::chrono::milliseconds(100);

  explicit KeyLog(std::size_t max_secrets = kMaxSecrets);
  ~KeyLog();
  KeyLog(const KeyLog&) = delete;
  KeyLog& operator=(const KeyLog&) = delete;

  /// Reads what is in the file and looks at it again with each poll. Throws std::runtime_error, with the file's name,
  /// when it cannot be read now or is no regular file (a pipe cannot be read on); later it may go and come back.
  void watch(const std::filesystem::path& file);
  /// Looks at the file if kPollInterval went by since the last look (in either direction: clocks jump).
  void poll(Time now);
  /// Looks at the file now.
  void refresh();

  /// Text of a key log; a line may come in pieces.
  void add(std::string_view text);

  /// The newest secret of that name; valid until the next call that is not const. nullptr: none (yet).
  [[nodiscard]] const Secret* find(KeyLabel label, const Random& client_random) const;
  /// Grows with every secret that is new: while it stays, no `find` has another answer.
  [[nodiscard]] std::uint64_t generation() const noexcept { return secrets_seen_; }
  [[nodiscard]] Counters counters() const;

 private:
  struct Name {
    KeyLabel label = KeyLabel::MasterSecret;
    Random client_random{};
    friend bool operator==(const Name&, const Name&) = default;
  };
  struct NameHash {
    std::size_t operator()(const Name& name) const noexcept;
  };

  [[nodiscard]] LineKind parse_line(KeyLogLine& out) const noexcept;
  void keep(const KeyLogLine& line);
  void take_unended();
  void begin_anew();
  void forget_line() noexcept;
  /// Reads what is new in the file. Empty, or why that was not possible.
  std::string look();
  [[nodiscard]] bool read_on(int descriptor);

  std::size_t max_secrets_;
  std::unordered_map<Name, Secret, NameHash> secrets_;
  std::deque<Name> order_;          ///< of secrets_, oldest first
  std::vector<std::uint8_t> line_;  ///< the beginning of a line whose end has not come
  bool overlong_ = false;           ///< ... which is too long, so that its rest is passed over
  std::filesystem::path file_;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  std::int64_t offset_ = 0;  ///< bytes of the file that were read
  std::uint64_t tail_ = 0;   ///< hash of the last of them
  Time last_poll_{};
  std::uint64_t secrets_seen_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t malformed_ = 0;
  std::uint64_t restarts_ = 0;
};

}  // namespace tapestry::tls
