#pragma once
#include <string>

#include "calls/interaction.h"
#include "vconout/json.h"

namespace tapestry::vconout {

/// Appends a `text` dialog (vcon-core-04 §4.3) with its body inside for each of the conversation's texts.
void add_texts(Json& dialogs, const calls::Interaction& interaction, const std::string& interaction_id);

}  // namespace tapestry::vconout
