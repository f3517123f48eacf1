#include "spool/log_writer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "spool/segment.h"

namespace tapestry::spool {

LogWriter::LogWriter(Disk& disk, KeyTable& keys, LogPosition behind, const LogLimits& limits)
    : disk_(disk),
      keys_(keys),
      limits_(limits),
      segment_(behind.segment),
      sequence_(behind.sequence),
      safe_(behind.sequence),
      spans_(std::move(behind.spans)) {
  std::array<std::uint8_t, sizeof epoch_> random{};
  fill_random(random);
  epoch_ = load<std::uint32_t>(random);
  shared_ = keys_.create();
}

LogWriter::~LogWriter() {
  if (file_ >= 0) disk_.close(file_);
}

bool LogWriter::append(Record record) {
  if (!LogLimits::has_room(unsafe_bytes_, record.payload.size(), limits_.unsafe_bytes) ||
      record.payload.size() > kMaxPayload) {
    ++dropped_;
    return false;
  }
  Secret key;
  if (record.key == 0) record.key = shared_;
  if (keys_.find(record.key, key) != KeyState::Live) {
    ++keyless_;
    return false;
  }
  ++sequence_;
  ++records_;
  const Time last = record.first + record.span;
  Waiting& waiting = unsafe_.emplace_back(sequence_, sealed(record, sequence_, epoch_, key), record.first, last);
  unsafe_bytes_ += waiting.bytes.size();
  unwritten_bytes_ += waiting.bytes.size();
  return true;
}

void LogWriter::leave_segment() {
  if (file_ >= 0) disk_.close(file_);
  file_ = -1;
}

void LogWriter::fail(int error) {
  status_ = error;
  ++failures_;
  leave_segment();
  // All that is not known to be safe is written again, into a segment of its own.
  written_ = 0;
  unwritten_bytes_ = unsafe_bytes_;
}

Io<void> LogWriter::make_segment(std::uint64_t first_sequence) {
  const auto file = disk_.open(segment_name(segment_ + 1), true);
  if (!file) return std::unexpected(file.error());
  file_ = *file;
  named_ = false;
  end_ = SegmentHead::kHeadBytes;
  // When that fails, the same number comes again: a disk that is full shall not be full of heads.
  const auto done = write_all(disk_, file_, 0, bytes_of({segment_ + 1, epoch_, first_sequence, shared_}));
  if (done) ++segment_;
  return done;
}

bool LogWriter::begin_segment(std::uint64_t first_sequence) {
  if (file_ >= 0) {
    // What comes next must not be safe before what came before.
    if (!keys_are_safe()) return false;
    if (const auto safe = make_safe(); !safe) {
      fail(safe.error());
      return false;
    }
    leave_segment();
    shared_ = keys_.create();
  }
  if (const auto made = make_segment(first_sequence); !made) {
    fail(made.error());
    return false;
  }
  return true;
}

Io<void> LogWriter::write_next() {
  std::vector<std::uint8_t> together;
  std::size_t count = 0;
  while (written_ + count < unsafe_.size()) {
    const Waiting& next = unsafe_[written_ + count];
    const bool fits = end_ + together.size() + next.bytes.size() <= limits_.segment_bytes;
    const bool first_of_segment = end_ == SegmentHead::kHeadBytes && together.empty();
    if ((!fits && !first_of_segment) || together.size() >= limits_.write_bytes) break;
    together.insert(together.end(), next.bytes.begin(), next.bytes.end());
    spans_.add(segment_, next.first, next.last);  // before it is there, whole or not
    ++count;
  }
  if (const auto done = write_all(disk_, file_, end_, together); !done) return done;
  end_ += together.size();
  written_ += count;
  unwritten_bytes_ -= together.size();
  return {};
}

void LogWriter::write(bool all) {
  while (written_ < unsafe_.size() && (all || unwritten_bytes_ >= limits_.write_bytes)) {
    const Waiting& next = unsafe_[written_];
    const bool full = end_ != SegmentHead::kHeadBytes && end_ + next.bytes.size() > limits_.segment_bytes;
    if ((file_ < 0 || full) && !begin_segment(next.sequence)) return;
    const auto done = write_next();
    if (done) continue;
    if (done.error() != ENOSPC && done.error() != EDQUOT) return fail(done.error());
    // What is on disk is as good as before, and the rest comes to the same place when there is room.
    status_ = done.error();
    ++failures_;
    return;
  }
}

Io<void> LogWriter::make_safe() {
  if (file_ < 0) return {};
  if (const auto data = disk_.sync(file_); !data) return data;
  if (!named_) {
    if (const auto names = disk_.sync_names(); !names) return names;
    named_ = true;
  }
  for (; written_ > 0; --written_) {
    safe_ = unsafe_.front().sequence;
    unsafe_bytes_ -= unsafe_.front().bytes.size();
    unsafe_.pop_front();
  }
  if (unsafe_.empty()) status_ = 0;
  return {};
}

/// What was written waits for them, and is in no doubt.
bool LogWriter::keys_are_safe() {
  const auto keys = keys_.sync();
  if (keys) return true;
  status_ = keys.error();
  ++failures_;
  return false;
}

void LogWriter::sync() {
  if (!keys_are_safe()) return;
  if (const auto safe = make_safe(); !safe) fail(safe.error());
}

Counters LogWriter::counters() const {
  return {{"spool.records", records_},
          {"spool.records_dropped", dropped_},
          {"spool.records_without_key", keyless_},
          {"spool.disk_failures", failures_},
          {"spool.unsafe_bytes", unsafe_bytes_}};
}

}  // namespace tapestry::spool
