#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/counter.h"
#include "spool/disk.h"
#include "spool/key_table.h"
#include "spool/log_writer.h"
#include "spool/record.h"
#include "spool/segment.h"

namespace tapestry::spool {

/// Reads a log from its first segment on, while it is written or after. In a segment it stops at the first record that
/// is not whole, and goes on with the next segment as soon as there is one. Records whose keys were destroyed are
/// passed over, and so are those that come a second time. Hostile files give fewer records, never a wrong one: each was
/// sealed with its key. One thread.
class LogReader {
 public:
  /// Both outlive it.
  LogReader(Disk& disk, KeyTable& keys);
  ~LogReader();
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  /// The next record; nothing when there is none yet. `place`: where it was.
  std::optional<Record> next(LogPlace& place);
  /// `tell` is given each record that comes a second time and can be opened, within next(), whose `place` is its;
  /// next() passes over them. The first one may be in a segment that was never safe.
  void tell_repeated(std::function<void(const Record&)> tell) { tell_repeated_ = std::move(tell); }
  /// `tell` is given the head of each record that is whole and cannot be opened any more, for it was wiped or its key
  /// destroyed; within next(), as above.
  void tell_passed(std::function<void(const RecordHead&)> tell) { tell_passed_ = std::move(tell); }
  /// Where a record is just being overwritten (see erase()), next() gives nothing until that is done; at most so many
  /// times, for whoever did it may be dead. 0, as without a call of this: it is passed over.
  void wait_for_changes(unsigned looks) noexcept { most_looks_ = looks; }
  /// 0 when next() gave nothing because there is nothing more; else the errno of what could not be read: the same
  /// record is looked at again by the next call.
  [[nodiscard]] int error() const noexcept { return error_; }
  /// Of the segment that holds what next() gave last.
  [[nodiscard]] const SegmentHead& segment_head() const noexcept { return head_; }
  /// Sequence number of what next() gave last.
  [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
  /// Once next() has nothing more, and before a writer goes on: cuts the last segment where its first record that is
  /// not whole begins, so that nobody ever takes it for one.
  [[nodiscard]] Io<void> cut();
  /// Of all segments that were read to their end.
  [[nodiscard]] const SegmentSpans& spans() const noexcept { return spans_; }
  /// Where a writer goes on, once next() has nothing more.
  [[nodiscard]] LogPosition end() const noexcept { return {.segment = segment_, .sequence = sequence_}; }
  /// `spool.*`.
  [[nodiscard]] Counters counters() const;

 private:
  enum class Step : std::uint8_t { Record, Skipped, End, Later };
  void pass(const RecordHead& head);
  Step step(Record& record, LogPlace& place);
  [[nodiscard]] bool fill(std::size_t bytes);
  [[nodiscard]] bool begin_segment();
  bool to_next_segment();
  void close();

  Disk& disk_;
  KeyTable& keys_;
  std::function<void(const Record&)> tell_repeated_;
  std::function<void(const RecordHead&)> tell_passed_;
  Disk::Handle file_ = -1;
  std::uint32_t segment_ = 0;
  bool has_head_ = false;
  SegmentHead head_{};
  std::uint64_t offset_ = 0;          ///< of the next record
  std::vector<std::uint8_t> buffer_;  ///< what was read from offset_ on
  std::size_t used_ = 0;              ///< of buffer_, behind us
  int error_ = 0;
  SegmentSpans spans_;
  std::uint64_t sequence_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t erased_ = 0;
  std::uint64_t wiped_ = 0;
  unsigned most_looks_ = 0;
  unsigned looks_ = 0;  ///< at a record that is being overwritten
  std::uint64_t cut_ = 0;
  std::uint64_t gaps_ = 0;
};

}  // namespace tapestry::spool
