#pragma once
#include "calls/interaction.h"
#include "vconout/json.h"
#include "vconout/options.h"

namespace tapestry::vconout {

/// Party objects (vcon-core-04 §4.2, CC-02) of the conversation in its order, and the recorder itself as the last one.
Json parties_of(const calls::Interaction& interaction, const Options& options);

/// Index of the recorder's party: it answers for the attachments.
inline std::size_t recorder_party(const calls::Interaction& interaction) { return interaction.parties.size(); }

}  // namespace tapestry::vconout
