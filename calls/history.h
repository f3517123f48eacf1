#pragma once
#include <vector>

#include "calls/presence.h"

namespace tapestry::calls {

/// An agent's end of a leg.
struct OwnLeg {
  std::size_t leg = 0;
  Side side = Side::Callee;
};

/// Who else was there while the agent was in the calls `own`, from first join to last drop, in order of joining.
std::vector<Presence> others_in(const std::vector<Leg>& legs, const std::vector<OwnLeg>& own, std::size_t agent);

/// party_history of an agent's recording: joins and drops of the agent and of the others, holds and mutes of either: by
/// SDP and INFO, and as a conference's focus told. In order of time.
std::vector<PartyEvent> history_of(const std::vector<Leg>& legs, const std::vector<OwnLeg>& own, std::size_t agent,
                                   const std::vector<Presence>& others);

}  // namespace tapestry::calls
