#pragma once

namespace tapestry::app {

/// Keeps the process's memory, which holds keys and what was said, out of core dumps, and away from debuggers of the
/// same user (PR_SET_DUMPABLE, RLIMIT_CORE). For good. False when the system refuses.
[[nodiscard]] bool keep_memory_private() noexcept;

}  // namespace tapestry::app
