#include "calls/key_book.h"

#include "core/hash.h"

namespace tapestry::calls {

std::size_t KeyBook::WayHash::operator()(const Way& way) const noexcept {
  const AddressHash hash;
  return hash_mix(hash(way.source), hash(way.destination));
}

void KeyBook::add(const Endpoint& source, const Endpoint& destination, SrtpKey key) {
  const auto [place, fresh] = keys_.try_emplace(Way{source, destination});
  std::vector<SrtpKey>& keys = place->second;
  if (keys.size() >= kMaxKeys) keys.erase(keys.begin());
  keys.push_back(std::move(key));
  if (!fresh) return;
  order_.push_back({source, destination});
  while (order_.size() > max_ways_) {
    keys_.erase(order_.front());
    order_.pop_front();
    ++dropped_;
  }
}

void KeyBook::find(const Endpoint& source, const Endpoint& destination, std::vector<SrtpKey>& keys) const {
  const auto found = keys_.find(Way{source, destination});
  if (found != keys_.end()) keys.insert(keys.end(), found->second.begin(), found->second.end());
}

}  // namespace tapestry::calls
