#pragma once
#include <ostream>

#include "app/retain.h"

namespace tapestry::app {

/// `tapestry retain`: retain(), and what became of each conversation that was due as a table, or as one JSON document.
/// Exit status: 0; 1 with faults, which are told on `err` as well. Throws as retain() does.
int retain_and_print(const RetainCommand& command, bool json, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
