#pragma once
#include <vector>

#include "calls/interaction.h"

namespace tapestry::calls {

/// Takes out of a closed conversation what came in its pauses: stretches of all channels, each with its gap, notes and
/// texts. `pauses` are in order of start and do not touch; those that reach into the conversation become its own.
void leave_out_paused(Interaction& interaction, std::vector<Pause> pauses);

/// Masks card numbers (mask_card_numbers) in everything that was read from the wire and is text. Numbers that an
/// address of record begins with `+` and up to 15 digits are telephone numbers and stay.
void mask_texts(Interaction& interaction);

}  // namespace tapestry::calls
