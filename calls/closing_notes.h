#pragma once
#include <cstdint>
#include <vector>

#include "calls/interaction.h"
#include "calls/leg.h"

namespace tapestry::calls {

/// Adds what the messages of a conversation's calls carried beside them: notes, texts (one that a back-to-back agent
/// relayed is one), session ids, and the mapped fields, of which the first call's count; to the parties, the callers'
/// PASSporTs and the customer's contact list. The legs' parties are known.
void close_notes(const std::vector<Leg>& legs, Interaction& interaction);

/// How many notes and texts bounds kept out.
std::uint64_t left_out_of(const Interaction& interaction) noexcept;

}  // namespace tapestry::calls
