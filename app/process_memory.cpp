#include "app/process_memory.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace tapestry::app {
namespace {

/// Only the heads of ELF files (core(5)).
constexpr std::string_view kCoreFilter = "0x10";

bool make_no_cores() noexcept {
  constexpr rlimit kNone{0, 0};
  const bool limited = ::setrlimit(RLIMIT_CORE, &kNone) == 0;
  return ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && limited;
}

bool may_lock_any_memory() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY) return true;
  __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &head, sets.data()) != 0) return false;
  return (sets[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)) != 0;
}

/// Pages when they are first used: a large reservation takes no memory for it. Under a limit it is not tried at all,
/// for allocations beyond it would fail.
bool lock_memory() noexcept {
  if constexpr (kSanitized) return false;
  return may_lock_any_memory() && ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

/// /proc/swaps has a line for its head, and one for each swap.
bool has_swap() noexcept {
  const int file = ::open("/proc/swaps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::array<char, 512> text{};
  const ssize_t got = ::read(file, text.data(), text.size());
  (void)::close(file);
  return got > 0 && std::count(text.begin(), text.begin() + got, '\n') > 1;
}

}  // namespace

bool leave_memory_out_of_cores() noexcept {
  const int file = ::open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t put = ::write(file, kCoreFilter.data(), kCoreFilter.size());
  return ::close(file) == 0 && put == static_cast<ssize_t>(kCoreFilter.size());
}

MemoryProtection protect_memory() noexcept {
  MemoryProtection memory;
  // First the filter: what belongs to a process that cannot be dumped is for root alone to write.
  const bool left_out = leave_memory_out_of_cores();
  memory.core_excluded = make_no_cores() || left_out;
  memory.locked = lock_memory();
  memory.swap_present = has_swap();
  return memory;
}

Counters counters_of(const MemoryProtection& memory) {
  return {{"process.core_excluded", memory.core_excluded ? 1U : 0U},
          {"process.memory_locked", memory.locked ? 1U : 0U}};
}

}  // namespace tapestry::app
