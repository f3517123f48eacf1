#pragma once
#include <ostream>

#include "app/process_memory.h"

namespace tapestry::app {

/// The whole program: reads the command line, runs the command, gives its exit status: 0 done, 1 done with faults that
/// were reported (or the world failed), 2 the command or its configuration is wrong. The only place that catches what
/// was thrown, and that reads the environment (SOURCE_DATE_EPOCH, COLUMNS, the locale, CREDENTIALS_DIRECTORY,
/// JOURNAL_STREAM). `memory`: what the process reached before, for the report.
int run_program(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
                const MemoryProtection& memory = {});

}  // namespace tapestry::app
