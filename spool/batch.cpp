#include "spool/batch.h"

#include <algorithm>

namespace tapestry::spool {

void Batch::append(const Record& record, std::uint64_t sequence, std::uint32_t epoch, const Secret& key) {
  const std::size_t size = size_on_disk(record.payload.size());
  seal(record, sequence, epoch, key, memory_.bytes().subspan(used_, size));
  const Time last = record.first + record.span;
  first_sequence_ = empty() ? sequence : first_sequence_;
  first_ = empty() ? record.first : std::min(first_, record.first);
  last_ = empty() ? last : std::max(last_, last);
  last_sequence_ = sequence;
  used_ += size;
}

std::size_t Batch::pad() {
  const std::size_t size = to_whole_blocks(used_);
  if (size > 0) put_pad(memory_.bytes().subspan(used_, size));
  used_ += size;
  return size;
}

}  // namespace tapestry::spool
