#pragma once
#include <string_view>
#include <vector>

#include "calls/interaction.h"
#include "vconout/json.h"
#include "vconout/recording_set.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// Attachment objects (vcon-core-04 §4.5), the recorder being their party: `recording-gaps` for each recording that has
/// any, with a `recording-gap` for each shell of one that is cut; then on the first dialog `pci-suspected` when card
/// data may have been kept, `call-signalling`, and one for each kind of note that there is. None without dialogs, for
/// an attachment must name one.
Json attachments_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs,
                    const MemberNumbers& numbers, const Circumstances& circumstances);

/// What the vCon's `redacted.type` is: `PCI` when a pause for card data was honoured in the conversation, `policy` when
/// all of its pauses had other reasons, empty when there was none.
std::string_view redaction_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs);

}  // namespace tapestry::vconout
