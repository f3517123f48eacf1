#pragma once
#include <ostream>
#include <string>
#include <vector>

#include "verify/verify.h"

namespace tapestry::app {

/// `tapestry verify`: a line per fault, `path: fault`, then `N files, M with faults`. Folders are searched for *.vcon.
/// Exit status: 0, 1 with faults, 2 when there is nothing to verify.
int check(const std::vector<std::string>& paths, const verify::Options& options, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
