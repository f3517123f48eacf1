#pragma once
#include <cstdint>
#include <functional>

namespace tapestry::service {

/// What became of this thread's capabilities.
enum class Privileges : std::uint8_t {
  None,     ///< there were none to give up
  Dropped,  ///< for good: not even a program that it executes gets them
  Root,     ///< kept: the process is root's, who is nobody without them
  Failed,   ///< kept: the system refused
};

/// Gives up all capabilities of the calling thread, and with it of all threads that it starts; others keep theirs. Only
/// CAP_IPC_LOCK stays where RLIMIT_MEMLOCK has a limit, for allocations would fail under locked memory without it.
Privileges drop_privileges() noexcept;

/// Runs `work` in a thread of its own that has given up all capabilities first: threads that it starts have none, while
/// the calling thread keeps its own. Returns when it is done; what it throws is thrown here.
void without_privileges(const std::function<void()>& work);

/// Whether this thread may open packet sockets (CAP_NET_RAW).
[[nodiscard]] bool may_capture() noexcept;

}  // namespace tapestry::service
