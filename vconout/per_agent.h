#pragma once
#include <string>
#include <vector>

#include "calls/interaction.h"

namespace tapestry::vconout {

/// What one agent's vCon tells of a conversation.
struct AgentPart {
  std::string agent;  ///< the party's uri, else its name; numbered where that is not one of a kind. Empty: the whole
  calls::Interaction interaction;
};

/// A conversation as one vCon per agent, so that who may hear one agent need not be shown another: a part for each
/// party that recordings are of, in order of their first. With fewer than two it stays whole, and is the only part.
///
/// A part holds the agent's recordings, the attempts that agent was called in (attempts without any of the agents go
/// into the first part) and the transfers that the agent has to do with. A dialog of others that such a transfer names
/// is in it as a placeholder, without parties and with a gap `not-recorded`. Calls, streams, notes and keys between
/// others and other agents are left out; a customer's call that several agents answered inside a PBX is in all parts.
/// Parties that nothing of a part names are left out, too, and streams that only others' recordings hold. Every part
/// has all of the conversation's pauses and fields.
std::vector<AgentPart> per_agent(calls::Interaction&& whole);

}  // namespace tapestry::vconout
