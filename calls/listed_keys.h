#pragma once
#include <vector>

#include "calls/interaction.h"
#include "calls/leg.h"

namespace tapestry::calls {

/// Tells keys that were pressed in the history of the dialogs in which their sender takes part: down and up. Not those
/// of a pause (`interaction.pauses`), and not those of a burst: six digits or more of one side within 15 s. `legs` are
/// those of the interaction, with their parties.
void list_keys(const std::vector<Leg>& legs, Interaction& interaction);

}  // namespace tapestry::calls
