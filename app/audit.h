#pragma once
#include <filesystem>
#include <ostream>

namespace tapestry::app {

/// `tapestry audit`: prints the entries of an audit log, as a table or as one JSON document, and checks its chain.
/// `path` is the log, its folder, or the output folder that has it. Exit status: 0, 1 when the chain is broken (`err`
/// says at which line), 2 when there is no log. Throws std::runtime_error when it cannot be read.
int audit(const std::filesystem::path& path, bool json, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
