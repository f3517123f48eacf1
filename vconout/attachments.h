#pragma once
#include <vector>

#include "calls/interaction.h"
#include "vconout/json.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// Attachment objects (vcon-core-04 §4.5), the recorder being their party: `recording-gaps` for each recording that has
/// any, then on the first dialog `call-signalling` and one for each kind of note that there is. None without dialogs,
/// for an attachment must name one.
Json attachments_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs);

/// Some recording lacks audio because a pause asked for it.
bool has_pci_gap(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs);

}  // namespace tapestry::vconout
