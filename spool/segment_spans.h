#pragma once
#include <algorithm>
#include <cstdint>
#include <map>

#include "core/time.h"

namespace tapestry::spool {

/// From when to when what is in a segment was captured: whoever looks for a moment passes over the others. Of the
/// newest kMost segments; one that is not in it may hold anything. One thread.
class SegmentSpans {
 public:
  static constexpr std::size_t kMost = 4096;

  void add(std::uint32_t segment, Time first, Time last) {
    const auto [span, fresh] = spans_.try_emplace(segment, Span{first, last});
    span->second = {std::min(span->second.first, first), std::max(span->second.last, last)};
    if (fresh && spans_.size() > kMost) spans_.erase(spans_.begin());
  }
  /// Nobody knows all that is in it.
  void forget(std::uint32_t segment) { spans_.erase(segment); }
  /// Whether it may hold something of [from, to).
  [[nodiscard]] bool may_hold(std::uint32_t segment, Time from, Time to) const {
    const auto span = spans_.find(segment);
    return span == spans_.end() || (span->second.first < to && span->second.last >= from);
  }

 private:
  struct Span {
    Time first;
    Time last;
  };
  std::map<std::uint32_t, Span> spans_;
};

}  // namespace tapestry::spool
