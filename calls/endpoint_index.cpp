#include "calls/endpoint_index.h"

#include <algorithm>

#include "core/tables.h"

namespace tapestry::calls {

void EndpointIndex::add(const Endpoint& endpoint, std::uint64_t call) {
  auto& list = calls_[endpoint];
  if (list.empty() || list.back() != call) list.push_back(call);
}

void EndpointIndex::remove(const Endpoint& endpoint, std::uint64_t call) {
  const auto at = calls_.find(endpoint);
  if (at == calls_.end()) return;
  std::erase(at->second, call);
  if (at->second.empty()) calls_.erase(at);
  release_if_empty(calls_);
}

const std::vector<std::uint64_t>& EndpointIndex::find(const Endpoint& endpoint) const {
  const auto at = calls_.find(endpoint);
  return at == calls_.end() ? none_ : at->second;
}

}  // namespace tapestry::calls
