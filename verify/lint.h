#pragma once
#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// What the schema cannot say (vcon-core-04 §2.2, §4; cc-extension-02): dates, uuid version, index ranges, URLs and
/// hashes, order of party_history, members that belong together. Passes over values of the wrong type: those are the
/// schema's faults.
void check_lint(Json vcon, Faults& faults);

}  // namespace tapestry::verify
