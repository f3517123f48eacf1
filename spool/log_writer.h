#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "core/counter.h"
#include "spool/batch.h"
#include "spool/disk.h"
#include "spool/key_table.h"
#include "spool/record.h"
#include "spool/segment_spans.h"

namespace tapestry::spool {

struct LogLimits {
  std::uint64_t segment_bytes = 256U << 20U;  ///< a record that would go beyond begins the next one
  std::uint64_t write_bytes = 1U << 20U;      ///< write() writes when so much waits, which goes as one
  std::uint64_t block_bytes = 256U << 10U;    ///< so much at once goes by whole blocks: see Disk::write_blocks
  /// What is not safe on disk yet stays in memory, so that a disk that fails loses nothing; beyond it records are
  /// dropped, and counted.
  std::uint64_t unsafe_bytes = 256U << 20U;

  /// What short records, pauses among them, may take beyond such a bound: they are dropped last.
  static constexpr std::uint64_t kReserve = 16U << 20U;
  static constexpr std::size_t kShort = 4096;
  /// Whether a payload of `size` may be added to `waiting` under the bound `limit`.
  [[nodiscard]] static constexpr bool has_room(std::uint64_t waiting, std::size_t size, std::uint64_t limit) noexcept {
    return waiting + size <= limit + (size <= kShort ? kReserve : 0);
  }
};

/// Where a log goes on.
struct LogPosition {
  std::uint32_t segment = 0;   ///< greatest number of any segment there is
  std::uint64_t sequence = 0;  ///< greatest of any record that was read
  SegmentSpans spans{};        ///< of what was read
};

/// Appends records to segment files. What it wrote is kept in memory until it is safe: after any failure of a write or
/// sync it begins a new segment and writes all of that again, so what a failed sync leaves behind does not matter
/// (readers know a repeated record by its sequence number). Only where the disk is full it goes on in the same place.
/// One thread. Nothing throws but for lack of memory and of random numbers; the disk's errors are counted and told by
/// status().
class LogWriter {
 public:
  /// Begins a segment behind `behind` with the first record. Both outlive it.
  LogWriter(Disk& disk, KeyTable& keys, LogPosition behind, const LogLimits& limits = {});
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  /// Encrypts it with its key (record.key 0: the segment's shared one) into memory. False, and it is counted, when the
  /// key is not live, the payload too long, or too much waits for the disk.
  bool append(Record record);
  /// Writes what waits, when that is enough for a large write or `all` is set.
  void write(bool all);
  /// Makes all that was written safe: first the keys.
  void sync();

  /// The errno of the last failure, 0 after a success.
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] std::uint64_t unsafe_bytes() const noexcept { return unsafe_bytes_; }
  /// What memory it holds for them, and for those to come.
  [[nodiscard]] std::uint64_t held_bytes() const noexcept { return (unsafe_.size() + spare_.size()) * Batch::kBytes; }
  /// Records that were refused.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_ + keyless_; }
  /// Of the last record that is safe, and of the last that was appended.
  [[nodiscard]] std::uint64_t safe_sequence() const noexcept { return safe_; }
  [[nodiscard]] std::uint64_t last_sequence() const noexcept { return sequence_; }
  /// The segment that is written to; 0 before the first.
  [[nodiscard]] std::uint32_t segment() const noexcept { return file_ < 0 ? 0 : segment_; }
  /// Of what was read before, and written since.
  [[nodiscard]] const SegmentSpans& spans() const noexcept { return spans_; }
  /// `spool.*`.
  [[nodiscard]] Counters counters() const;

 private:
  [[nodiscard]] Batch& batch_for(std::size_t bytes);
  void take_back();
  [[nodiscard]] bool begin_segment(std::uint64_t first_sequence);
  [[nodiscard]] Io<void> make_segment(std::uint64_t first_sequence);
  [[nodiscard]] Io<void> make_safe();
  [[nodiscard]] bool keys_are_safe();
  [[nodiscard]] Io<void> write_next();
  [[nodiscard]] Io<void> put(Batch& batch);
  [[nodiscard]] Io<void> align();
  void fail(int error);
  void leave_segment();

  Disk& disk_;
  KeyTable& keys_;
  LogLimits limits_;
  std::uint32_t epoch_ = 0;
  std::uint32_t segment_;
  std::uint64_t sequence_;
  std::uint64_t safe_;
  SegmentSpans spans_;
  KeyId shared_ = 0;
  Disk::Handle file_ = -1;
  std::uint64_t end_ = 0;     ///< of the segment
  std::uint64_t first_ = 0;   ///< where its first record is, or goes
  bool begun_ = false;        ///< some of what comes next may be at end_ already
  bool named_ = false;        ///< the segment's name is safe
  std::deque<Batch> unsafe_;  ///< in order; only the last one grows
  std::size_t written_ = 0;   ///< of unsafe_, from the front
  std::vector<Batch> spare_;
  std::uint64_t unsafe_bytes_ = 0;
  std::uint64_t unwritten_bytes_ = 0;
  int status_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t keyless_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace tapestry::spool
