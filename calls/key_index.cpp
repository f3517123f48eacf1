#include "calls/key_index.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/hash.h"

namespace tapestry::calls {
namespace {

std::uint64_t hash_of(std::string_view space, std::string_view value) {
  return hash_mix(hash_mix(hash_seed(), hash_bytes(as_bytes(space))), hash_bytes(as_bytes(value)));
}

}  // namespace

std::vector<KeyIndex::Sharer> KeyIndex::add(std::string_view space, std::string_view value, const Sharer& sharer) {
  const std::uint64_t hash = hash_of(space, value);
  std::vector<Sharer>& sharers = keys_[hash];
  if (std::ranges::find(sharers, sharer.call, &Sharer::call) != sharers.end()) return {};
  std::vector<std::uint64_t>& own = keys_of_call_[sharer.call];
  // One more than the bound stays listed: it marks the key as none.
  if (sharers.size() > kMaxSharers || own.size() >= kMaxIndexedKeys) {
    if (sharers.empty()) keys_.erase(hash);
    ++refused_;
    return {};
  }
  own.push_back(hash);
  std::vector<Sharer> before = sharers.size() < kMaxSharers ? sharers : std::vector<Sharer>{};
  sharers.push_back(sharer);
  return before;
}

const std::vector<KeyIndex::Sharer>& KeyIndex::find(std::string_view space, std::string_view value) const {
  const auto found = keys_.find(hash_of(space, value));
  return found == keys_.end() || found->second.size() > kMaxSharers ? none_ : found->second;
}

void KeyIndex::forget(std::uint64_t call) {
  const auto own = keys_of_call_.find(call);
  if (own == keys_of_call_.end()) return;
  for (const std::uint64_t hash : own->second) {
    const auto at = keys_.find(hash);
    if (at == keys_.end()) continue;
    std::erase_if(at->second, [call](const Sharer& sharer) { return sharer.call == call; });
    if (at->second.empty()) keys_.erase(at);
  }
  keys_of_call_.erase(own);
}

}  // namespace tapestry::calls
