#pragma once
#include "calls/interaction.h"
#include "vconout/json.h"

namespace tapestry::vconout {

/// Adds to a dialog what is known of the whole conversation: CC-02's campaign, interaction_type and skill, and
/// session_id (vcon-core-04 §4.3) in the shape of its `parties`, of each party the last one that began before `end`;
/// `{}` for a party without.
void add_call_fields(Json& dialog, const calls::Interaction& interaction, Time end);

}  // namespace tapestry::vconout
