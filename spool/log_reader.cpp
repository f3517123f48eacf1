#include "spool/log_reader.h"

#include <algorithm>
#include <cerrno>

namespace tapestry::spool {
namespace {

constexpr std::size_t kReadBytes = 1U << 20U;

}  // namespace

LogReader::LogReader(Disk& disk, KeyTable& keys) : disk_(disk), keys_(keys) {}

LogReader::~LogReader() { close(); }

void LogReader::close() {
  if (file_ >= 0) disk_.close(file_);
  file_ = -1;
  has_head_ = false;
  buffer_.clear();
  used_ = 0;
  offset_ = 0;
}

/// At least so many bytes from offset_ on are in the buffer.
bool LogReader::fill(std::size_t bytes) {
  if (buffer_.size() - used_ >= bytes) return true;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  const std::size_t have = buffer_.size();
  buffer_.resize(std::max(bytes, kReadBytes));
  const auto more = read_all(disk_, file_, offset_ + have, std::span(buffer_).subspan(have));
  buffer_.resize(have + (more ? *more : 0));
  if (!more) error_ = more.error();
  return buffer_.size() >= bytes;
}

bool LogReader::begin_segment() {
  if (has_head_) return true;
  if (!fill(SegmentHead::kHeadBytes)) return false;
  const auto head = segment_head_in(buffer_);
  if (!head || head->number != segment_) {
    // Maybe it is being written.
    buffer_.clear();
    return false;
  }
  head_ = *head;
  has_head_ = true;
  used_ += SegmentHead::kHeadBytes;
  offset_ += SegmentHead::kHeadBytes;
  if (head_.first_sequence > sequence_ + 1 && sequence_ != 0) ++gaps_;
  return true;
}

bool LogReader::to_next_segment() {
  const auto numbers = segments_on(disk_);
  if (!numbers) {
    error_ = numbers.error();
    return false;
  }
  auto next = std::ranges::upper_bound(*numbers, segment_);
  auto file = Io<Disk::Handle>(std::unexpected(ENOENT));
  // The finishing process removes segments that nobody needs any more.
  for (; next != numbers->end() && !file && file.error() == ENOENT; ++next)
    file = disk_.open(segment_name(*next), false);
  if (!file) {
    if (file.error() != ENOENT) error_ = file.error();
    return false;
  }
  --next;
  if (file_ >= 0) {
    // Whole by now, for the next one was begun behind it: what is left is no record.
    const auto size = disk_.size(file_);
    if (size && *size > offset_) {
      ++cut_;
      spans_.forget(segment_);
    }
  }
  close();
  file_ = *file;
  segment_ = *next;
  return true;
}

void LogReader::pass(const RecordHead& head) {
  offset_ += head.size();
  used_ += head.size();
  looks_ = 0;
}

LogReader::Step LogReader::step(Record& record, LogPlace& place) {
  if (file_ < 0 || !begin_segment() || !fill(kAlignment)) return Step::End;
  const auto head = head_in(Bytes(buffer_).subspan(used_));
  if (!head || !fill(head->size())) {
    // What is being written is looked at anew.
    buffer_.resize(used_);
    return Step::End;
  }
  const std::span<std::uint8_t> bytes = std::span(buffer_).subspan(used_, head->size());
  Secret key;
  const bool whole = is_whole(*head, bytes);
  if (whole && head->pad) {
    pass(*head);
    return Step::Skipped;
  }
  const KeyState state = whole ? keys_.find(head->key, key) : KeyState::Absent;
  if (state == KeyState::Unreadable) error_ = EIO;
  if (whole && head->wiped && state == KeyState::Live && looks_ < most_looks_ && !is_overwritten(*head, bytes)) {
    ++looks_;
    buffer_.resize(used_);
    return Step::Later;
  }
  std::optional<Record> found;
  const bool repeated = head->sequence <= sequence_;
  if (whole && !head->wiped && state == KeyState::Live) found = opened(*head, bytes, head_.epoch, key);
  const bool passed = whole && (head->wiped || state == KeyState::Destroyed);
  if (!found && !passed) {
    buffer_.resize(used_);
    return Step::End;
  }
  place = {segment_, static_cast<std::uint32_t>(offset_), static_cast<std::uint32_t>(head->size())};
  spans_.add(segment_, head->first, head->first + head->span);
  pass(*head);
  sequence_ = std::max(sequence_, head->sequence);
  if (repeated && found && tell_repeated_) tell_repeated_(*found);
  if (repeated) return Step::Skipped;
  ++(head->wiped ? wiped_ : found ? read_ : erased_);
  if (!found) {
    if (tell_passed_) tell_passed_(*head);
    return Step::Skipped;
  }
  record = std::move(*found);
  return Step::Record;
}

std::optional<Record> LogReader::next(LogPlace& place) {
  Record record;
  error_ = 0;
  while (true) {
    const Step done = step(record, place);
    if (done == Step::Record) return record;
    if (error_ != 0 || done == Step::Later) return std::nullopt;
    // Between looking and finding the next segment the last of this one may have come.
    if (done == Step::End) {
      const auto numbers = segments_on(disk_);
      if (!numbers) error_ = numbers.error();
      if (!numbers || numbers->empty() || numbers->back() <= segment_) return std::nullopt;
      const Step again = step(record, place);
      if (again == Step::Record) return record;
      if (error_ != 0 || again == Step::Later) return std::nullopt;
      if (again == Step::End && !to_next_segment()) return std::nullopt;
    }
  }
}

Io<void> LogReader::cut() {
  if (file_ < 0) return {};
  const auto size = disk_.size(file_);
  if (!size) return std::unexpected(size.error());
  if (*size <= offset_) return {};
  ++cut_;
  if (const auto done = disk_.truncate(file_, offset_); !done) return done;
  return disk_.sync(file_);
}

Counters LogReader::counters() const {
  return {{"spool.read", read_},
          {"spool.read_erased", erased_},
          {"spool.read_wiped", wiped_},
          {"spool.cut_segments", cut_},
          {"spool.sequence_gaps", gaps_}};
}

}  // namespace tapestry::spool
