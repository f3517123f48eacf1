#pragma once
#include <cstddef>
#include <map>
#include <vector>

#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// A stretch of a dialog's media, in seconds from its start.
struct Stretch {
  double from = 0;
  double to = 0;
};

/// Where the media of a dialog (by index) must be silent.
using Silences = std::map<std::size_t, std::vector<Stretch>>;

/// Checks the attachments with purpose "recording-gaps": each gap lies in its dialog (0.05 s of leeway), a pci gap
/// needs redacted.type PCI, and no keydown or keyup of any dialog lies inside it. Gives the pci gaps.
[[nodiscard]] Silences check_gaps(Json vcon, Faults& faults);

}  // namespace tapestry::verify
