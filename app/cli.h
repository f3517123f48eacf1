#pragma once
#include <ostream>

namespace tapestry::app {

/// The whole program: reads the command line, runs the command, gives its exit status: 0 done, 1 done with faults that
/// were reported (or the world failed), 2 the command or its configuration is wrong. The only place that catches what
/// was thrown, and that reads the environment (SOURCE_DATE_EPOCH, COLUMNS, the locale).
int run_program(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
