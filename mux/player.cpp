#include "mux/player.h"

#include <algorithm>

namespace tapestry::mux {

Position PassingOn::make(const Slot& slot, const Reading& payload, Join, std::vector<Sample>& out) {
  stretch_codes(payload.bytes, slot.at, slot.stretch, out);
  return 0;
}

template <class Method>
void Player<Method>::load(const Slot& slot) {
  const Position at = round_fine(slot.at);
  const auto payload = feed_.fetch(slot.packet);
  loaded_.clear();
  if (!payload) return;
  const Position length = voice_.payloads.codec(payload->codec).samples(payload->ticks, rate_.hz);
  const Position end = round_fine(slot.at + to_fine(length) + slot.stretch);
  const bool ends = next_ == voice_.timeline.slots.size() || round_fine(voice_.timeline.slots[next_].at) != end;
  const Position lead = method_.make(slot, *payload, {.gap = at - end_, .first = !begun_, .ends = ends}, loaded_);
  end_ = begun_ ? std::max(end_, end) : end;
  loaded_at_ = at - lead;
  if (begun_ && loaded_at_ < done_) {
    const auto cut = std::min(static_cast<std::size_t>(done_ - loaded_at_), loaded_.size());
    loaded_.erase(loaded_.begin(), loaded_.begin() + static_cast<std::ptrdiff_t>(cut));
    loaded_at_ += static_cast<Position>(cut);
  }
  if (loaded_.empty()) return;
  done_ = loaded_at_ + static_cast<Position>(loaded_.size());
  begun_ = true;
}

template <class Method>
void Player<Method>::copy_to(Position from, std::span<Sample> block) const {
  const Position to = from + static_cast<Position>(block.size());
  const Position begin = std::max(from, loaded_at_);
  const Position end = std::min(to, loaded_at_ + static_cast<Position>(loaded_.size()));
  if (begin < end) std::copy_n(loaded_.begin() + (begin - loaded_at_), end - begin, block.begin() + (begin - from));
}

template <class Method>
void Player<Method>::play(Position from, std::span<Sample> block, Sample silence) {
  const Position to = from + static_cast<Position>(block.size());
  copy_to(from, block);
  while (done_ < to || !begun_) {
    if (next_ == voice_.timeline.slots.size()) break;
    const Slot& slot = voice_.timeline.slots[next_];
    const bool conceals = begun_ && slot.after_loss != 0 && round_fine(slot.at) - end_ <= method_.longest_concealed();
    if (round_fine(slot.at) - method_.longest_lead() >= to && !conceals) break;
    ++next_;
    load(slot);
    copy_to(from, block);
  }
  for (const Interval& outside : subtract({{from, to}}, voice_.windows)) {
    std::fill_n(block.begin() + (outside.from - from), outside.to - outside.from, silence);
  }
}

template class Player<Decoding>;
template class Player<PassingOn>;

}  // namespace tapestry::mux
