#include "calls/key_index.h"

#include "core/bytes.h"
#include "core/hash.h"

namespace tapestry::calls {

KeyIndex::Key KeyIndex::key(std::string_view space, std::string_view value) noexcept {
  return Key{hash_mix(hash_mix(hash_seed(), hash_bytes(as_bytes(space))), hash_bytes(as_bytes(value)))};
}

KeyIndex::Key KeyIndex::key(std::string_view space, const IpAddress& host, std::string_view name) noexcept {
  return Key{hash_mix(static_cast<std::uint64_t>(key(space, name)), hash_bytes(host.octets))};
}

std::vector<KeyIndex::Sharer> KeyIndex::add(Key key, const Sharer& sharer) {
  const auto hash = static_cast<std::uint64_t>(key);
  KeySlots::Slot* const list = keys_.find(hash);
  const std::size_t count = list == nullptr ? 0 : list->count;
  std::vector<Sharer> before;
  for (std::uint32_t at = list == nullptr ? kNone : list->first; at != kNone; at = entries_[at].next_of_key) {
    if (entries_[at].sharer.call == sharer.call) return {};
    if (count < kMaxSharers) before.push_back(entries_[at].sharer);
  }
  KeySlots::Slot* const own = calls_.find(sharer.call);
  // One more than the bound stays listed: it marks the key as none.
  if (count > kMaxSharers || (own != nullptr && own->count >= kMaxIndexedKeys)) {
    ++refused_;
    return {};
  }
  const std::uint32_t entry = take({sharer, hash, kNone, own == nullptr ? kNone : own->first});
  append(hash, list, entry);
  if (own == nullptr) {
    calls_.insert(sharer.call, entry);
  } else {
    own->first = entry;
    ++own->count;
  }
  return before;
}

std::vector<KeyIndex::Sharer> KeyIndex::find(Key key, std::uint64_t except) const {
  std::vector<Sharer> sharers;
  const KeySlots::Slot* const list = keys_.find(static_cast<std::uint64_t>(key));
  if (list == nullptr || list->count > kMaxSharers) return sharers;
  for (std::uint32_t at = list->first; at != kNone; at = entries_[at].next_of_key) {
    if (entries_[at].sharer.call != except) sharers.push_back(entries_[at].sharer);
  }
  return sharers;
}

void KeyIndex::forget(std::uint64_t call) {
  const KeySlots::Slot* const own = calls_.find(call);
  if (own == nullptr) return;
  for (std::uint32_t at = own->first; at != kNone;) {
    const std::uint32_t next = entries_[at].next_of_call;
    unlink(at);
    give_back(at);
    at = next;
  }
  calls_.erase(*own);
  if (calls_.size() > 0) return;
  entries_ = std::vector<Entry>();  // `{}` would keep its room
  free_ = kNone;
}

void KeyIndex::append(std::uint64_t key, KeySlots::Slot* list, std::uint32_t entry) {
  if (list == nullptr) {
    keys_.insert(key, entry);
    return;
  }
  std::uint32_t last = list->first;
  while (entries_[last].next_of_key != kNone) last = entries_[last].next_of_key;
  entries_[last].next_of_key = entry;
  ++list->count;
}

void KeyIndex::unlink(std::uint32_t entry) {
  KeySlots::Slot& list = *keys_.find(entries_[entry].key);
  if (--list.count == 0) return keys_.erase(list);
  std::uint32_t* link = &list.first;
  while (*link != entry) link = &entries_[*link].next_of_key;
  *link = entries_[entry].next_of_key;
}

std::uint32_t KeyIndex::take(const Entry& entry) {
  if (free_ == kNone) {
    entries_.push_back(entry);
    return static_cast<std::uint32_t>(entries_.size() - 1);
  }
  const std::uint32_t at = free_;
  free_ = entries_[at].next_of_key;
  entries_[at] = entry;
  return at;
}

void KeyIndex::give_back(std::uint32_t entry) {
  entries_[entry].next_of_key = free_;
  free_ = entry;
}

}  // namespace tapestry::calls
