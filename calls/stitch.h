#pragma once
#include <vector>

#include "calls/leg.h"
#include "calls/rules.h"

namespace tapestry::calls {

/// One recording for each agent of a conversation: from the agent's first answered call in it to the end of the last,
/// on the wall clock; an agent who was away for longer than Rules::rejoin_gap gets another. Channel 1 is what the
/// agent's phone sent: of several calls at one time the one with the customer, for a phone that mixes sends it the
/// whole. Channel 0 is what the phone got, of all calls together. Time on hold is silent on both, and what a supervisor
/// listens to is in no channel. Media that never passed the agent's own call is taken from the call that its host
/// connects it with. Without an agent, whoever the customer spoke with has one.
///
/// What a supervisor whispers is treated as Rules::whisper says: in a recording of the supervisor's own, with the
/// agent's other channel, or nowhere.
///
/// `legs` are in order of time with their parties; sets the tracks' uses. In order of start; empty when nobody was
/// answered.
std::vector<DialogPlan> stitch(const std::vector<Leg>& legs, std::vector<Track>& tracks,
                               const std::vector<Party>& parties, const Rules& rules,
                               const std::vector<Supervision>& supervision = {});

}  // namespace tapestry::calls
