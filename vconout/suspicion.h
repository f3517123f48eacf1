#pragma once
#include <vector>

#include "calls/interaction.h"
#include "calls/marker_report.h"
#include "vconout/json.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// The rule by which a pause begins without a marker: as many digits were keyed as a card's number has.
inline constexpr std::string_view kKeyedDigits = "keyed-digits";

/// Card data may be in what was kept of the conversation: it was keyed without a pause, or a pause began only because
/// digits were keyed, as messages and events tell or, once they are rendered, the recordings' own tones.
bool is_pci_suspected(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs = {});

/// The body of the `pci-suspected` attachment: when, and what says so; the whole conversation where no time is known.
/// No digits.
Json suspicion_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs, bool quarantined);

/// Keyed digits that only the recordings' tones told of, as the audit log has them: each once, in order of time.
std::vector<calls::MarkerReport> keyed_reports(const calls::Interaction& interaction,
                                               const std::vector<FinishedDialog>& dialogs);

}  // namespace tapestry::vconout
