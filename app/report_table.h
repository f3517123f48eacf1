#pragma once
#include <string>

#include "app/report.h"

namespace tapestry::app {

/// The report for people: a table of conversations and a summary. Safe for a terminal.
std::string to_table(const Report& report);

}  // namespace tapestry::app
