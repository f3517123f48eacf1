#include "tls/record_reader.h"

#include <algorithm>
#include <utility>

namespace tapestry::tls {

void RecordReader::add(Bytes bytes, bool lost_before, RecordTally& tally, const Use& use) {
  if (given_up_) return;
  credit_ = std::min(kMostCredit, credit_ + kWorkPerByte * bytes.size());
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

/// A place that cannot be paid for is passed over, so that its tries are not made one by one as bytes come.
bool RecordReader::is_plausible(const RecordHeader& header) const noexcept {
  return !searching_ || (header.version == kTls12 && header.length > kTagSize && header.length + kTryCost <= credit_);
}

/// Does what can be done with the bytes that wait; false when more are needed.
bool RecordReader::step(RecordTally& tally, const Use& use) {
  if (waiting().size() < kRecordHeader) return false;
  const auto header = parse_record_header(waiting().first(kRecordHeader));
  if (!header || !is_plausible(*header)) {
    searching_ = true;
    lost_ = true;
    ++begin_;
    ++tally.skipped_bytes;
    return true;
  }
  const std::size_t size = kRecordHeader + header->length;
  if (waiting().size() < size) return false;
  const auto plain = open({*header, waiting().subspan(kRecordHeader, header->length)}, tally);
  if (!plain) return miss(size, tally);
  ++tally.records;
  tally.resumed += searching_ ? 1U : 0U;
  searching_ = false;
  established_ = true;
  misses_ = 0;
  far_ = 0;
  begin_ += size;
  take(*plain, tally, use);
  return true;
}

bool RecordReader::miss(std::size_t size, RecordTally& tally) {
  if (++misses_ > kMaxMisses) {
    given_up_ = true;
    ++tally.given_up;
  } else if (searching_) {
    far_ = (far_ + kNear) % kFar;
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

bool RecordReader::pay(std::uint64_t work, RecordTally& tally) noexcept {
  if (work > credit_) return false;
  credit_ -= work;
  tally.work += work;
  return true;
}

std::optional<Plain> RecordReader::try_numbers(RecordKeys& keys, std::uint64_t first, const Sealed& sealed,
                                               RecordTally& tally) {
  const std::uint64_t end = first + (searching_ ? kNear : 1);
  for (std::uint64_t sequence = first; sequence < end; ++sequence) {
    if (!pay(sealed.body.size() + kTryCost, tally)) return std::nullopt;
    const auto plain = keys.open(sealed.header, sealed.body, sequence);
    if (!plain) continue;
    next_ = sequence + 1;
    return plain;
  }
  return std::nullopt;
}

std::optional<Plain> RecordReader::open(const Sealed& sealed, RecordTally& tally) {
  if (auto plain = try_numbers(keys_, next_, sealed, tally)) return plain;
  if (established_ && keys_.can_update() && pay(kUpdateCost, tally)) {
    RecordKeys updated = keys_.updated();
    if (auto plain = try_numbers(updated, 0, sealed, tally)) {
      keys_ = std::move(updated);  // moves the buffer that `plain` views with it
      return plain;
    }
  }
  return far_ == 0 ? std::nullopt : try_numbers(keys_, next_ + far_, sealed, tally);
}

void RecordReader::take(const Plain& plain, RecordTally& tally, const Use& use) {
  if (plain.type != kApplicationData || plain.content.empty()) return;
  tally.bytes += plain.content.size();
  use(plain.content, std::exchange(lost_, false));
}

}  // namespace tapestry::tls
