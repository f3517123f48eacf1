#include "mux/position.h"

#include <algorithm>

namespace tapestry::mux {

void normalise(Intervals& intervals, Position join) {
  std::erase_if(intervals, [](const Interval& one) { return one.to <= one.from; });
  std::ranges::sort(intervals, {}, &Interval::from);
  std::size_t kept = 0;
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    if (intervals[i].from <= intervals[kept].to + join) {
      intervals[kept].to = std::max(intervals[kept].to, intervals[i].to);
    } else {
      intervals[++kept] = intervals[i];
    }
  }
  if (!intervals.empty()) intervals.resize(kept + 1);
}

Intervals intersect(const Intervals& left, const Intervals& right) {
  Intervals both;
  for (std::size_t l = 0, r = 0; l < left.size() && r < right.size();) {
    const Interval common{std::max(left[l].from, right[r].from), std::min(left[l].to, right[r].to)};
    if (common.from < common.to) both.push_back(common);
    if (left[l].to < right[r].to) {
      ++l;
    } else {
      ++r;
    }
  }
  return both;
}

Intervals subtract(const Intervals& left, const Intervals& right) {
  Intervals rest;
  std::size_t r = 0;
  for (Interval one : left) {
    while (r < right.size() && right[r].to <= one.from) ++r;
    for (std::size_t k = r; k < right.size() && right[k].from < one.to; ++k) {
      if (right[k].from > one.from) rest.push_back({one.from, right[k].from});
      one.from = std::max(one.from, right[k].to);
    }
    if (one.from < one.to) rest.push_back(one);
  }
  return rest;
}

}  // namespace tapestry::mux
