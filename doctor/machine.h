#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "doctor/finding.h"

namespace tapestry::doctor {

/// The system's clock, as adjtimex(2) tells.
struct ClockState {
  bool synchronised = false;
  std::chrono::microseconds most_error{};  ///< the kernel's bound
};
[[nodiscard]] ClockState read_clock() noexcept;
[[nodiscard]] Findings judge_clock(const ClockState& clock);

/// What a process may, and what the machine does with its memory.
struct Rights {
  bool capture = false;                         ///< CAP_NET_RAW is effective
  bool lock_memory = false;                     ///< CAP_IPC_LOCK is effective
  std::optional<std::uint64_t> locked_bytes{};  ///< RLIMIT_MEMLOCK; nothing: no limit
  bool swap = false;                            ///< the machine has any
};
/// `proc`: the place of /proc. Of the process that reads.
[[nodiscard]] Rights read_rights(const std::filesystem::path& proc);
/// `interfaces`: there is something to capture that needs CAP_NET_RAW.
[[nodiscard]] Findings judge_rights(const Rights& rights, bool interfaces);

/// An output folder and what it lies on.
struct Disk {
  std::filesystem::path folder;
  bool present = false;
  bool writable = false;
  std::uint64_t free_bytes = 0;  ///< for others than root
  std::uint64_t bytes = 0;
  std::uint64_t free_files = 0;
  std::uint64_t files = 0;                   ///< 0: the file system does not count them
  std::optional<double> bytes_per_second{};  ///< written and synced; nothing: not measured
};
/// With `write`, kSpeedProbe octets are written to a file without a name, and synced.
[[nodiscard]] Disk read_disk(const std::filesystem::path& folder, bool write);
[[nodiscard]] Findings judge_disk(const Disk& disk);
inline constexpr std::size_t kSpeedProbe = 32U << 20U;

}  // namespace tapestry::doctor
