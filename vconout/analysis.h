#pragma once
#include <vector>

#include "vconout/json.h"
#include "vconout/recording_set.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// Analysis Objects (vcon-core-04 §4.5): for each recording a `report` of how well its streams came, as docs/quality.md
/// tells; none for recordings without streams.
Json analysis_of(const std::vector<FinishedDialog>& dialogs, const MemberNumbers& numbers);

}  // namespace tapestry::vconout
