#pragma once
#include <string>

#include "calls/interaction.h"

namespace tapestry::vconout {

/// Tells a conversation from every other, the same in each replay of its capture and under every configuration of
/// roles: SHA-256 (hex) over its Call-IDs, tags, times and streams, whatever their order.
std::string fingerprint(const calls::Interaction& interaction);

}  // namespace tapestry::vconout
