#pragma once
#include <vector>

#include "calls/history.h"
#include "calls/leg.h"

namespace tapestry::calls {

/// Parties that get recordings: who is an agent and was answered, but for those that may only listen to other agents (a
/// page: the pager's recording is the page's). Without any, the first who was answered and is no customer, else the
/// customer. In order of their first call; of two in one call the called one first.
std::vector<std::size_t> agents_of(const std::vector<Leg>& legs, const std::vector<Party>& parties);

/// The party's answered calls in order of time, in groups: one ends where the party was away for longer than
/// `rejoin_gap`.
std::vector<std::vector<OwnLeg>> calls_of(const std::vector<Leg>& legs, std::size_t party, Duration rejoin_gap);

}  // namespace tapestry::calls
