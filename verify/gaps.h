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
/// needs redacted.type PCI, and no keydown or keyup of any dialog lies inside a pause's, pci or policy. Gives those,
/// without the beeps that a gap says that it begins and ends with (0.1 s at most).
[[nodiscard]] Silences check_gaps(Json vcon, Faults& faults);

}  // namespace tapestry::verify
