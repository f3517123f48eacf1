#pragma once
#include <filesystem>

namespace tapestry::spool {

/// A descriptor (the caller closes it) of a new file in `folder` that has no name: it is gone when it is closed,
/// however the process ends. Throws std::runtime_error.
int open_unnamed(const std::filesystem::path& folder);

}  // namespace tapestry::spool
