#pragma once
#include <vector>

#include "calls/leg.h"

namespace tapestry::calls {

/// Finds out who takes part in a conversation: fills in party, mixer and bridged of its legs (which are in order of
/// time), and returns the parties. Ends with one number or name are one party. Hosts that only connect others are none:
/// a B2BUA that answered one leg and placed another for it, a conference's mixer.
///
/// Roles: the [[party]] table first. Then the first party outside is the customer (in a single call: whoever did not
/// register and has no short number on a private address, else the caller); who is inside and spoke with the customer
/// is an agent, who only spoke with agents an sme; others outside are thirdparty, unless nobody is inside: then whoever
/// spoke with the customer is an agent.
std::vector<Party> find_parties(std::vector<Leg>& legs, const std::vector<Link>& links);

/// Who was behind an end of a leg, and when.
struct Presence {
  std::size_t party = 0;
  Window when;
};

/// Presences of one party that touch are made one (a move from one leg to another takes up to a second). In order of
/// party, then time.
std::vector<Presence> joined(std::vector<Presence> list);

/// The party of that end, or those that its host connects the leg with: a B2BUA's other legs, a mixer's others. Inside
/// the leg's own window; each party's presences in order of time and apart.
std::vector<Presence> behind(const std::vector<Leg>& legs, std::size_t leg, Side side);

}  // namespace tapestry::calls
