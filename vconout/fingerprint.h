#pragma once
#include <string>

#include "calls/interaction.h"

namespace tapestry::vconout {

/// Tells a conversation from every other, the same in each replay of its capture and under every configuration of
/// roles: SHA-256 (hex) over its Call-IDs, tags, times and streams, whatever their order.
std::string fingerprint(const calls::Interaction& interaction);

/// The same of one agent's part of it (AgentPart::agent).
std::string fingerprint_of_part(const std::string& whole, const std::string& agent);

}  // namespace tapestry::vconout
