#include "calls/key_slots.h"

#include <bit>
#include <utility>

namespace tapestry::calls {
namespace {

constexpr std::size_t kFewest = 64;
constexpr std::size_t kFullest = 2;    ///< one slot in so many is used at most
constexpr std::size_t kEmptiest = 16;  ///< and at least, but for kFewest

}  // namespace

std::size_t KeySlots::home(std::uint64_t key) const noexcept {
  return (key * 0x9e3779b97f4a7c15ULL) >> (65 - std::bit_width(slots_.size()));
}

KeySlots::Slot* KeySlots::find(std::uint64_t key) noexcept { return const_cast<Slot*>(std::as_const(*this).find(key)); }

const KeySlots::Slot* KeySlots::find(std::uint64_t key) const noexcept {
  if (slots_.empty()) return nullptr;
  for (std::size_t at = home(key); slots_[at].count != 0; at = next(at)) {
    if (slots_[at].key == key) return &slots_[at];
  }
  return nullptr;
}

KeySlots::Slot& KeySlots::insert(std::uint64_t key, std::uint32_t first) {
  if ((used_ + 1) * kFullest > slots_.size()) resize(slots_.empty() ? kFewest : slots_.size() * 2);
  std::size_t at = home(key);
  while (slots_[at].count != 0) at = next(at);
  ++used_;
  return slots_[at] = {.key = key, .first = first, .count = 1};
}

void KeySlots::erase(const Slot& slot) {
  auto hole = static_cast<std::size_t>(&slot - slots_.data());
  // Those behind it that would not be found across a hole move into it.
  for (std::size_t at = next(hole); slots_[at].count != 0; at = next(at)) {
    const std::size_t mask = slots_.size() - 1;
    if (((at - home(slots_[at].key)) & mask) < ((at - hole) & mask)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
  --used_;
  if (slots_.size() > kFewest && used_ * kEmptiest < slots_.size()) resize(slots_.size() / 4);
}

void KeySlots::resize(std::size_t slots) {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots));
  for (const Slot& slot : before) {
    if (slot.count == 0) continue;
    std::size_t at = home(slot.key);
    while (slots_[at].count != 0) at = next(at);
    slots_[at] = slot;
  }
}

}  // namespace tapestry::calls
