#include "tls/dtls_assembly.h"

#include <algorithm>

namespace tapestry::tls {

std::optional<Bytes> DtlsAssembly::add(const DtlsFragment& fragment) {
  if (fragment.length > kMaxMessage) return std::nullopt;
  if (fragment.body.size() == fragment.length) {
    sequence_.reset();
    return fragment.body;
  }
  if (sequence_ != fragment.sequence || length_ != fragment.length) {
    sequence_ = fragment.sequence;
    length_ = fragment.length;
    have_.clear();
    if (body_.size() < length_) body_.resize(length_);
  }
  if (fragment.body.empty() || !mark({fragment.offset, fragment.offset + fragment.body.size()})) return std::nullopt;
  std::ranges::copy(fragment.body, body_.begin() + static_cast<std::ptrdiff_t>(fragment.offset));
  const bool whole = have_.front().begin == 0 && have_.front().end == length_;
  return whole ? std::optional(Bytes(body_).first(length_)) : std::nullopt;
}

/// False when there are too many ranges already.
bool DtlsAssembly::mark(Range range) {
  const auto first = std::ranges::lower_bound(have_, range.begin, {}, &Range::end);
  auto last = first;
  for (; last != have_.end() && last->begin <= range.end; ++last) {
    range.begin = std::min(range.begin, last->begin);
    range.end = std::max(range.end, last->end);
  }
  if (first == last && have_.size() >= kMaxRanges) return false;
  have_.insert(have_.erase(first, last), range);
  return true;
}

}  // namespace tapestry::tls
