#pragma once
#include <string>

#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// Checks the entries of a `user-to-user`, `redirection-history` or `call-control` attachment: a list that is not
/// empty, each with a time, in order, and no `value` that holds what may be a card's number. Others are not looked at.
void check_entries(Json attachment, const std::string& where, Faults& faults);

}  // namespace tapestry::verify
