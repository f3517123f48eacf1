#include "calls/key_book.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "core/hash.h"

namespace tapestry::calls {

std::size_t KeyBook::WayHash::operator()(const Way& way) const noexcept {
  const AddressHash hash;
  return hash_mix(hash(way.source), hash(way.destination));
}

void KeyBook::add(const Endpoint& source, const Endpoint& destination, SrtpKey key) {
  const Way way{source, destination};
  const auto [place, fresh] = by_way_.try_emplace(way);
  if (fresh) {
    place->second = all_.insert(all_.end(), {.way = way, .number = ++added_, .keys = {}});
    from_.emplace(std::pair(source, added_), place->second);
    to_.emplace(std::pair(destination, added_), place->second);
  }
  all_.splice(all_.end(), all_, place->second);
  std::vector<SrtpKey>& keys = place->second->keys;
  if (keys.size() >= kMaxKeys) keys.erase(keys.begin());
  keys.push_back(std::move(key));
  while (all_.size() > max_ways_) {
    const Known& oldest = all_.front();
    from_.erase({oldest.way.source, oldest.number});
    to_.erase({oldest.way.destination, oldest.number});
    by_way_.erase(oldest.way);
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

void KeyBook::find_near(const Near& ways, const Endpoint& end, Time since, std::vector<SrtpKey>& keys) {
  auto next = ways.upper_bound({end, std::numeric_limits<std::uint64_t>::max()});
  for (std::size_t n = 0; n < kMaxNear && next != ways.begin(); ++n) {
    --next;
    if (next->first.first != end) return;
    const std::vector<SrtpKey>& known = next->second->keys;
    std::ranges::copy_if(known, std::back_inserter(keys), [since](const SrtpKey& key) { return key.since >= since; });
  }
}

void KeyBook::find_from(const Endpoint& source, Time since, std::vector<SrtpKey>& keys) const {
  find_near(from_, source, since, keys);
}

void KeyBook::find_to(const Endpoint& destination, Time since, std::vector<SrtpKey>& keys) const {
  find_near(to_, destination, since, keys);
}

}  // namespace tapestry::calls
