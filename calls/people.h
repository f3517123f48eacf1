#pragma once
#include <vector>

#include "calls/attendees.h"
#include "calls/leg.h"

namespace tapestry::calls {

/// Finds out who takes part in a conversation: fills in party, mixer and bridged of its legs (which are in order of
/// time), and returns the parties. Ends with one number or name are one party. Hosts that only connect others are none:
/// a B2BUA that answered one leg and placed another for it, a conference's mixer. Who is in a conference without a leg
/// is a party, too, as the `attendees` tell; fills in attending and told of the legs there.
///
/// Roles: the [[party]] table first. Then the first party outside is the customer (in a single call: whoever did not
/// register and has no short number on a private address, else the caller); who is inside and spoke with the customer
/// is an agent, who only spoke with agents an sme; others outside are thirdparty, unless nobody is inside: then whoever
/// spoke with the customer is an agent.
std::vector<Party> find_parties(std::vector<Leg>& legs, const std::vector<Link>& links,
                                const std::vector<Attendee>& attendees = {});

}  // namespace tapestry::calls
