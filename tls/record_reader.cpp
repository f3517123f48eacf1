#include "tls/record_reader.h"

#include <utility>

namespace tapestry::tls {

void RecordReader::add(Bytes bytes, bool lost_before, RecordTally& tally, const Use& use) {
  if (given_up_) return;
  if (lost_before) {
    tally.skipped_bytes += waiting().size();
    waiting_.clear();
    begin_ = 0;
    searching_ = true;
    lost_ = true;
  }
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  while (!given_up_ && step(tally, use)) {
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  if (given_up_) std::vector<std::uint8_t>().swap(waiting_);
}

/// Does what can be done with the bytes that wait; false when more are needed.
bool RecordReader::step(RecordTally& tally, const Use& use) {
  if (waiting().size() < kRecordHeader) return false;
  const auto header = parse_record_header(waiting().first(kRecordHeader));
  const bool plausible = header && (!searching_ || (header->version == kTls12 && header->length > kTagSize));
  if (!plausible) {
    searching_ = true;
    lost_ = true;
    ++begin_;
    ++tally.skipped_bytes;
    return true;
  }
  const std::size_t size = kRecordHeader + header->length;
  if (waiting().size() < size) return false;
  const auto plain = open(*header, waiting().subspan(kRecordHeader, header->length));
  if (!plain) return miss(size, tally);
  ++tally.records;
  tally.resumed += searching_ ? 1U : 0U;
  searching_ = false;
  established_ = true;
  misses_ = 0;
  begin_ += size;
  take(*plain, tally, use);
  return true;
}

bool RecordReader::miss(std::size_t size, RecordTally& tally) {
  if (++misses_ > kMaxMisses) {
    given_up_ = true;
    ++tally.given_up;
  } else if (searching_) {
    ++begin_;
    ++tally.skipped_bytes;
  } else if (established_) {
    searching_ = true;
    lost_ = true;
  } else {
    begin_ += size;
  }
  return true;
}

std::optional<Plain> RecordReader::try_keys(RecordKeys& keys, std::uint64_t first, const RecordHeader& header,
                                            Bytes body) {
  const std::uint64_t end = first + (searching_ ? kAhead : 1);
  for (std::uint64_t sequence = first; sequence < end; ++sequence) {
    const auto plain = keys.open(header, body, sequence);
    if (!plain) continue;
    next_ = sequence + 1;
    return plain;
  }
  return std::nullopt;
}

std::optional<Plain> RecordReader::open(const RecordHeader& header, Bytes body) {
  if (auto plain = try_keys(keys_, next_, header, body)) return plain;
  if (!established_ || !keys_.can_update()) return std::nullopt;
  RecordKeys updated = keys_.updated();
  auto plain = try_keys(updated, 0, header, body);
  if (plain) keys_ = std::move(updated);  // moves the buffer that `plain` views with it
  return plain;
}

void RecordReader::take(const Plain& plain, RecordTally& tally, const Use& use) {
  if (plain.type != kApplicationData || plain.content.empty()) return;
  tally.bytes += plain.content.size();
  use(plain.content, std::exchange(lost_, false));
}

}  // namespace tapestry::tls
