#pragma once
#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// Checks an unsigned vCon against vcon_rule(); the sentences begin with `schema:` and the path of the value.
void check_schema(Json vcon, Faults& faults);

}  // namespace tapestry::verify
