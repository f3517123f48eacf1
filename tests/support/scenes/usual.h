#pragma once
#include "tests/support/scenes/flows.h"

/// How most scenes begin, and what most truths hold.
namespace tapestry::scenes {

/// The customer's call to agent 1: INVITE at 1, answered at 2.02, talk until `until`.
Leg first_call(Script& script, double until);
/// Agent 1 holds the customer at 8 and talks to agent 2 from 9.52 until `until`, in the dialog that is returned.
Leg consult(Script& script, Leg& first, double until);

/// Referred-By with agent 1.
std::string referred_by_first();
/// The customer goes from agent 1 to agent 2.
Transfer first_to_second();
/// The customer, and agents 1 and 2.
std::vector<Party> customer_and_two();
/// The customer, and agent 1.
std::vector<Party> customer_and_first();
/// A conversation of the customer and agent 1, recorded once.
Conversation plain_truth(const std::vector<std::string>& call_ids, const Recording& recording);

/// Header lines, each with CR LF.
std::string lines(const std::vector<std::string>& headers);

}  // namespace tapestry::scenes
