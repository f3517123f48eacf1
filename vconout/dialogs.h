#pragma once
#include <string>

#include "calls/interaction.h"
#include "vconout/json.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// When a dialog object begins and ends: for a recording its media's extent, which the samples tell.
struct Extent {
  Time start;
  Time end;
};
Extent extent_of(const calls::DialogPlan& plan, const FinishedDialog& finished);

/// The dialog object (vcon-core-04 §4.3, CC-02): `recording` with external media, or `incomplete`.
Json dialog_of(const calls::DialogPlan& plan, const FinishedDialog& finished, const std::string& interaction_id);

}  // namespace tapestry::vconout
