#include "calls/key_book.h"

#include "core/hash.h"

namespace tapestry::calls {

std::size_t KeyBook::WayHash::operator()(const Way& way) const noexcept {
  const AddressHash hash;
  return hash_mix(hash(way.source), hash(way.destination));
}

void KeyBook::add(const Endpoint& source, const Endpoint& destination, SrtpKey key) {
  const Way way{source, destination};
  const auto [place, fresh] = by_way_.try_emplace(way);
  if (fresh) place->second = all_.insert(all_.end(), {way, {}});
  all_.splice(all_.end(), all_, place->second);
  std::vector<SrtpKey>& keys = place->second->keys;
  if (keys.size() >= kMaxKeys) keys.erase(keys.begin());
  keys.push_back(std::move(key));
  while (all_.size() > max_ways_) {
    by_way_.erase(all_.front().way);
    all_.pop_front();
    ++dropped_;
  }
}

void KeyBook::find(const Endpoint& source, const Endpoint& destination, std::vector<SrtpKey>& keys) const {
  const auto found = by_way_.find(Way{source, destination});
  if (found == by_way_.end()) return;
  const std::vector<SrtpKey>& known = found->second->keys;
  keys.insert(keys.end(), known.begin(), known.end());
}

}  // namespace tapestry::calls
