#pragma once
#include "core/counter.h"

namespace tapestry::app {

/// What keeps this process's memory, which holds keys and what was said, from being written anywhere by the system.
struct MemoryProtection {
  bool core_excluded = false;  ///< a core dump would hold none of it, and most likely none is made
  bool locked = false;         ///< none of it is written to swap
  bool swap_present = false;   ///< the system has any
};

/// For good: no core dumps and no debuggers of the same user (PR_SET_DUMPABLE, RLIMIT_CORE), no memory in a core dump
/// that is made all the same (leave_memory_out_of_cores), and no memory in swap, where the process may lock as much as
/// it needs (RLIMIT_MEMLOCK unlimited, or CAP_IPC_LOCK). Before any thread is started.
[[nodiscard]] MemoryProtection protect_memory() noexcept;

/// From now on core dumps of this process and its children hold the heads of ELF files, and no memory (core(5),
/// /proc/self/coredump_filter). False when the system refuses.
[[nodiscard]] bool leave_memory_out_of_cores() noexcept;

/// `process.core_excluded` and `process.memory_locked`, 1 or 0.
[[nodiscard]] Counters counters_of(const MemoryProtection& memory);

/// Whether a sanitizer's runtime is in this build. It makes mlockall do nothing and say that it worked, and its own
/// memory is far too large for a core dump.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace tapestry::app
