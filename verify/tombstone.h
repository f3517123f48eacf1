#pragma once
#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// Whether a payload says that it is the tombstone of a vCon that was deleted (docs/retention.md), not a vCon.
[[nodiscard]] bool is_tombstone(Json payload);

/// Checks its members: those that it must have, of their kinds, and none that could tell of the conversation.
void check_tombstone(Json tombstone, Faults& faults);

}  // namespace tapestry::verify
