#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/address.h"

namespace tapestry::calls {

/// Which open calls name an endpoint in their SDP, in the order in which they named it. Correlator's thread only.
class EndpointIndex {
 public:
  /// Once per (endpoint, call); naming it again changes nothing.
  void add(const Endpoint& endpoint, std::uint64_t call);
  void remove(const Endpoint& endpoint, std::uint64_t call);
  /// Serials of the calls, oldest first; empty when nobody names it. Valid until the next change.
  [[nodiscard]] const std::vector<std::uint64_t>& find(const Endpoint& endpoint) const;

 private:
  std::unordered_map<Endpoint, std::vector<std::uint64_t>, AddressHash> calls_;
  std::vector<std::uint64_t> none_;
};

}  // namespace tapestry::calls
