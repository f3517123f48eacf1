#pragma once
#include <string>

#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// Lints the body of an Analysis Object of schema `stream-quality-1`; `where` is the object's path. Others are let
/// pass.
void check_quality(Json analysis, const std::string& where, Faults& faults);

}  // namespace tapestry::verify
