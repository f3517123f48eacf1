#include "calls/spans.h"

#include <algorithm>

namespace tapestry::calls {

std::vector<TrackSpan> without(const std::vector<TrackSpan>& spans, const std::vector<Window>& windows) {
  std::vector<TrackSpan> left = spans;
  for (const Window& window : windows) {
    std::vector<TrackSpan> next;
    for (const TrackSpan& span : left) {
      if (window.end <= span.from || window.start >= span.to) {
        next.push_back(span);
        continue;
      }
      if (span.from < window.start) next.push_back({span.track, span.from, window.start});
      if (window.end < span.to) next.push_back({span.track, window.end, span.to});
    }
    left = std::move(next);
  }
  return left;
}

Window extent_of(const TrackSpan& span, const Track& track) {
  constexpr Duration kPacket = std::chrono::milliseconds(20);
  return {std::max(span.from, track.stats.first), std::min(span.to, track.stats.last + kPacket)};
}

std::vector<TrackSpan> without_copies(const std::vector<TrackSpan>& spans, const std::vector<TrackSpan>& taken,
                                      const std::vector<Track>& tracks) {
  std::vector<TrackSpan> left;
  for (const TrackSpan& span : spans) {
    std::vector<Window> same;
    for (const TrackSpan& have : taken) {
      if (tracks[have.track].flow == tracks[span.track].flow) same.push_back({have.from, have.to});
    }
    const auto rest = without({span}, same);
    left.insert(left.end(), rest.begin(), rest.end());
  }
  return left;
}

}  // namespace tapestry::calls
