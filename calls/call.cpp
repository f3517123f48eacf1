#include "calls/call.h"

#include <algorithm>
#include <tuple>

namespace tapestry::calls {

const Branch* Call::answered_branch() const noexcept {
  const Branch* best = nullptr;
  for (const Branch& branch : branches) {
    if (!branch.answered) continue;
    const auto length = [this](const Branch& b) { return b.ended.value_or(last_seen) - *b.answered; };
    if (best == nullptr || (best->ended && !branch.ended) ||
        (best->ended.has_value() == branch.ended.has_value() && length(branch) > length(*best))) {
      best = &branch;
    }
  }
  return best;
}

bool Call::is_up() const noexcept {
  const Branch* branch = answered_branch();
  return branch != nullptr && !branch->ended && !set_aside;
}

Branch* Call::find_branch(std::string_view to_tag) noexcept {
  for (Branch& branch : branches) {
    if (branch.to_tag == to_tag) return &branch;
  }
  return nullptr;
}

void sort_tracks(Call& call) {
  std::ranges::sort(call.tracks, {}, [](const OpenTrack& open) {
    return std::tie(open.track.stats.first, open.track.flow, open.track.id);
  });
}

}  // namespace tapestry::calls
