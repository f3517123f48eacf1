#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/counter.h"
#include "core/time.h"
#include "tls/hello_reader.h"
#include "tls/key_log.h"
#include "tls/record_reader.h"

namespace tapestry::tls {

/// What became of TLS connections. Each is counted under `opened`, or once under what it lacked, when that is known.
struct Tally {
  std::uint64_t connections = 0;   ///< seen
  std::uint64_t opened = 0;        ///< whose keys were found
  std::uint64_t no_hello = 0;      ///< that began before the capture, or of whose hellos too much is missing
  std::uint64_t no_key = 0;        ///< that the key log does not name, or that nobody gave a key log for
  std::uint64_t suite_cbc = 0;     ///< with a cipher suite in CBC mode
  std::uint64_t suite_other = 0;   ///< with another that is no AEAD that Tapestry opens
  std::uint64_t old_version = 0;   ///< SSL 3, TLS 1.0, TLS 1.1
  std::uint64_t held_dropped = 0;  ///< bytes that waited for keys, in vain
  RecordTally records;
};

/// As the report's counters.
void append(Counters& out, const Tally& tally);

/// One TLS connection as seen from outside: hellos are read, keys looked up, application data handed on. Bytes wait
/// (bounded in size and age) until the keys are known, which may be after them.
class Connection {
 public:
  static constexpr std::size_t kMaxHeld = 512U << 10U;            ///< bytes of both directions that wait for keys
  static constexpr Duration kMaxWait = std::chrono::seconds(60);  ///< packet time

  /// Bytes of one direction, valid inside the call only. `time` is that of the bytes that completed its
  /// record.
  struct Data {
    std::size_t side = 0;  ///< as given to add()
    Time time{};
    Bytes bytes;
    bool lost_before = false;
  };
  using Use = std::function<void(const Data&)>;

  /// Next bytes in order of direction `side`, 0 or 1. Gives up waiting as soon as nothing can come of it.
  void add(std::size_t side, Time time, Bytes bytes, bool lost_before, KeyLog* keys, Tally& tally, const Use& use);
  /// Looks for the keys again, while waiting().
  void retry(Time now, KeyLog* keys, Tally& tally, const Use& use);
  /// The connection is over, or there is no room for what it holds: it gives up waiting.
  void give_up(Tally& tally);

  /// Both hellos, or their keys, are not known yet: bytes are held.
  [[nodiscard]] bool waiting() const noexcept { return state_ == State::Waiting; }
  /// Nothing will come of it any more.
  [[nodiscard]] bool useless() const noexcept { return state_ == State::Closed; }
  [[nodiscard]] std::size_t held_bytes() const noexcept { return held_bytes_; }

 private:
  enum class State : std::uint8_t { Waiting, Open, Closed };
  struct Held {
    std::size_t side = 0;
    Time time{};
    std::vector<std::uint8_t> bytes;
    bool lost_before = false;
  };

  void hold(std::size_t side, Time time, Bytes bytes, bool lost_before, Tally& tally);
  void advance(KeyLog* keys, Tally& tally, const Use& use);
  [[nodiscard]] bool find_keys(const KeyLog& keys, const Random& client, const ServerHello& server, const Suite& suite);
  void read(const Data& sealed, Tally& tally, const Use& use);
  void close(std::uint64_t& reason, Tally& tally);

  State state_ = State::Waiting;
  std::array<HelloReader, 2> hellos_;
  std::array<std::optional<RecordReader>, 2> readers_;  ///< while Open
  std::deque<Held> held_;                               ///< in order of arrival
  std::size_t held_bytes_ = 0;
  std::array<bool, 2> begun_{};  ///< bytes of that direction came
  std::optional<Time> first_;
  std::optional<std::uint64_t> asked_;  ///< generation of the key log when it had no keys
  bool hello_seen_ = false;             ///< both hellos are known
};

}  // namespace tapestry::tls
