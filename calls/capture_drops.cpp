#include "calls/capture_drops.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "calls/interaction.h"

namespace tapestry::calls {
namespace {

bool overlaps(const CaptureDrop& drop, Time start, Time end) noexcept { return drop.from < end && drop.to > start; }

std::string detail_of(const CaptureDrop& drop) {
  const std::string until = to_rfc3339(drop.to);
  if (drop.packets == 0) return fmt::format("the recorder did not run, until {}", until);
  return fmt::format("the recorder dropped {} of all packets, until {}", drop.packets, until);
}

Gap gap_of(const CaptureDrop& drop, const RecordingPlan& recording) {
  return {.reason = GapReason::Drop,
          .start = std::max(drop.from, recording.start),
          .end = std::min(drop.to, recording.end),
          .channels = {},
          .detail = detail_of(drop)};
}

}  // namespace

void CaptureDrops::add(const CaptureDrop& drop) {
  packets_ += drop.packets;
  if (!drops_.empty() && drop.from <= drops_.back().to + kJoin && drop.to >= drops_.back().from - kJoin) {
    CaptureDrop& last = drops_.back();
    last.from = std::min(last.from, drop.from);
    last.to = std::max(last.to, drop.to);
    last.packets += drop.packets;
    return;
  }
  drops_.push_back(drop);
  if (drops_.size() > kMost) drops_.pop_front();
}

void CaptureDrops::mark(Interaction& interaction) const {
  for (const CaptureDrop& drop : drops_) {
    if (!overlaps(drop, interaction.start, interaction.end)) continue;
    interaction.drops_touched = true;
    for (DialogPlan& dialog : interaction.dialogs) {
      for (RecordingPlan& recording : dialog.recording) {
        if (!overlaps(drop, recording.start, recording.end)) continue;
        recording.drops_touched = true;
        recording.gaps.push_back(gap_of(drop, recording));
        std::ranges::sort(recording.gaps, {}, [](const Gap& gap) { return std::tie(gap.start, gap.end); });
      }
    }
  }
}

}  // namespace tapestry::calls
