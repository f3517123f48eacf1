#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <variant>

#include "calls/correlator.h"
#include "core/counter.h"
#include "journal/writer.h"
#include "spool/erasure.h"
#include "spool/log_writer.h"

namespace tapestry::journal {

struct StoreLimits {
  spool::LogLimits log{};
  /// What waits for turn() at most; beyond it records are dropped, and counted.
  std::uint64_t queue_bytes = 256U << 20U;
  /// A turn that has much to write makes it safe each time it comes to so much, for it is in memory until then. No
  /// more than half of log.unsafe_bytes counts.
  std::uint64_t sync_bytes = 32U << 20U;
  /// Shares of the disk that are in use, in percent: a warning; an alarm; an alarm, and new calls without media.
  unsigned warn_percent = 80;
  unsigned alarm_percent = 90;
  unsigned metadata_percent = 95;
};

/// What the disk allows.
enum class Room : std::uint8_t { Enough, Warning, Alarm, MetadataOnly };

/// Takes records from the correlator's thread, which never waits for the disk, and writes them on another one. When the
/// disk fails they stay in memory up to a bound, and are written when it works again.
class Store final : public Sink {
 public:
  static constexpr std::chrono::milliseconds kEvery{250};  ///< between turns

  /// Goes on behind `behind`. Both outlive it.
  Store(spool::Disk& disk, spool::KeyTable& keys, spool::LogPosition behind, const StoreLimits& limits = {});
  /// stop().
  ~Store() override;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void append(spool::Record&& record) override;
  void erase(spool::KeyId key, Time from, Time to) override;

  /// Writes what waits, makes it safe, and then erases. Called by the thread of start(), or by whoever has none.
  void turn();
  /// A thread that calls turn() every kEvery, and before each `also`, which may wait for the disk too and must not
  /// throw.
  void start(std::function<void()> also = {});
  /// All that was appended before is made safe now, not with the next turn. False when the disk did not take it within
  /// `limit`. Any thread but start()'s, which must be there.
  [[nodiscard]] bool make_safe(std::chrono::milliseconds limit);
  /// Ends the thread after a last turn().
  void stop();

  /// Any thread: the errno that the disk failed with last, 0 when it works.
  [[nodiscard]] int status() const noexcept { return status_.load(); }
  [[nodiscard]] Room room() const noexcept { return room_.load(); }
  /// Any thread: packet time of the newest tick that is safe, and with it all that came before; Time::min(): none is.
  [[nodiscard]] Time safe_time() const noexcept { return Time(Duration(safe_time_.load())); }
  /// Any thread: records that were dropped because the disk did not take them; and what waits for it, in bytes.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load() + writer_dropped_.load(); }
  [[nodiscard]] std::uint64_t waiting_bytes() const;
  /// `spool.*`; not beside turn() of another thread.
  [[nodiscard]] Counters counters() const;

 private:
  using Item = std::variant<spool::Record, spool::Erasure>;
  void run();
  void write(std::deque<Item>& items);
  void note_safe();
  void carry_out_erasures();
  void look_at_space();

  spool::Disk& disk_;
  spool::KeyTable& keys_;
  StoreLimits limits_;
  spool::LogWriter writer_;
  std::deque<spool::Erasure> erasures_;  ///< that wait for the disk
  spool::HalfErased half_;               ///< of the first of them
  std::atomic<int> status_{0};
  std::atomic<Room> room_{Room::Enough};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> writer_dropped_{0};
  std::atomic<std::uint64_t> unsafe_bytes_{0};
  std::atomic<std::int64_t> safe_time_{Time::min().time_since_epoch().count()};
  /// A tick, and the number of its record.
  struct Tick {
    std::uint64_t sequence = 0;
    Time time{};
  };
  std::deque<Tick> ticks_;  ///< that are not safe
  std::uint64_t erased_ = 0;
  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable wake_;
  std::condition_variable turned_;
  std::deque<Item> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  bool stopping_ = false;
  bool urgent_ = false;      ///< a pause waits
  std::uint64_t asked_ = 0;  ///< calls of make_safe()
  std::uint64_t done_ = 0;   ///< of them, by the last turn after which all was safe
  std::function<void()> also_;
  std::jthread thread_;
};

/// Chunks are handed out so late at most, and messages come in pieces for so long.
inline constexpr Duration kUnderWay = std::chrono::milliseconds(1500);

/// What was captured until then is safe on disk, or of no use: whoever goes on behind a kill needs only what came
/// later. Time::min(): nothing is. The correlator's thread.
[[nodiscard]] Time safe_time(const Store& store, const calls::Correlator& correlator);

}  // namespace tapestry::journal
