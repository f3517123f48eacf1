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
  const std::size_t size = size_on_disk(record.payload.size());
  batch_for(size).append(record, sequence_, epoch_, key);
  unsafe_bytes_ += size;
  unwritten_bytes_ += size;
  return true;
}

/// The last one is written, but not safe, as keys were not: it grows on, or each turn would take memory for a batch.
void LogWriter::take_back() {
  const std::size_t size = unsafe_.back().bytes().size();
  --written_;
  begun_ = true;
  end_ -= size;
  unwritten_bytes_ += size;
}

Batch& LogWriter::batch_for(std::size_t bytes) {
  const bool all_written = !unsafe_.empty() && written_ == unsafe_.size();
  if (all_written && file_ >= 0 && unsafe_.back().bytes().size() < limits_.write_bytes) take_back();
  if (written_ < unsafe_.size()) {
    Batch& last = unsafe_.back();
    const std::size_t used = last.bytes().size();
    const bool beyond_segment = SegmentHead::kHeadBytes + used + bytes > limits_.segment_bytes;
    if (last.empty() || (used < limits_.write_bytes && bytes <= last.free() && !beyond_segment)) return last;
  }
  if (spare_.empty()) return unsafe_.emplace_back();
  unsafe_.push_back(std::move(spare_.back()));
  spare_.pop_back();
  return unsafe_.back();
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
  begun_ = false;
  end_ = SegmentHead::kHeadBytes;
  first_ = end_;
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

/// So that whole blocks may follow. Not by a batch: what is written again need not begin where this one did.
Io<void> LogWriter::align() {
  std::array<std::uint8_t, Disk::kBlock> memory{};
  const std::span<std::uint8_t> pad = std::span(memory).first(to_whole_blocks(end_));
  if (pad.empty()) return {};
  put_pad(pad);
  if (const auto done = write_all(disk_, file_, end_, pad); !done) return done;
  const bool first = end_ == first_;
  end_ += pad.size();
  if (first) first_ = end_;
  return {};
}

Io<void> LogWriter::put(Batch& batch) {
  // What a reader may have seen is written again where it was.
  if (batch.bytes().size() < limits_.block_bytes || (begun_ && to_whole_blocks(end_) != 0)) {
    begun_ = true;
    return write_all(disk_, file_, end_, batch.bytes());
  }
  if (const auto done = align(); !done) return done;
  const std::size_t more = batch.pad();
  unsafe_bytes_ += more;
  unwritten_bytes_ += more;
  return write_all_blocks(disk_, file_, end_, batch.bytes());
}

Io<void> LogWriter::write_next() {
  Batch& next = unsafe_[written_];
  spans_.add(segment_, next.first(), next.last());  // before it is there, whole or not
  if (const auto done = put(next); !done) return done;
  end_ += next.bytes().size();
  begun_ = false;
  ++written_;
  unwritten_bytes_ -= next.bytes().size();
  return {};
}

void LogWriter::write(bool all) {
  while (written_ < unsafe_.size() && (all || unwritten_bytes_ >= limits_.write_bytes)) {
    const Batch& next = unsafe_[written_];
    const bool full = end_ != first_ && end_ + next.bytes().size() > limits_.segment_bytes;
    if ((file_ < 0 || full) && !begin_segment(next.first_sequence())) return;
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
  // One that was not needed this time is given back, so few at once that a burst finds them.
  if (spare_.size() > written_) spare_.pop_back();
  for (; written_ > 0; --written_) {
    Batch& safe = unsafe_.front();
    safe_ = safe.last_sequence();
    unsafe_bytes_ -= safe.bytes().size();
    safe.clear();
    spare_.push_back(std::move(safe));
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
