#include "doctor/machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::doctor {
namespace {

namespace fs = std::filesystem;

/// Times of recordings that differ by more than this from other systems' logs lead astray.
constexpr std::chrono::milliseconds kMostClockError{500};
constexpr std::uint64_t kGigabyte = 1'000'000'000;
constexpr std::uint64_t kLeastFree = kGigabyte;
constexpr std::uint64_t kLittleFree = 10 * kGigabyte;
constexpr double kSlowDisk = 20e6;     // octets per second: some 4,000 concurrent calls of G.711 in the spool
constexpr double kHopelessDisk = 5e6;  // octets per second
constexpr std::uint64_t kFewFiles = 100'000;
constexpr std::size_t kBlock = 1U << 20U;

/// What follows `name:` in /proc/self/status.
std::string status_line(const fs::path& file, std::string_view name) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with(name) && line.size() > name.size()) return line.substr(name.size());
  }
  return {};
}

std::uint64_t effective_capabilities(const fs::path& proc) {
  const std::string line = status_line(proc / "self/status", "CapEff:");
  const std::size_t at = std::min(line.find_first_not_of(" \t"), line.size());
  std::uint64_t all = 0;
  (void)std::from_chars(line.data() + at, line.data() + line.size(), all, 16);
  return all;
}

std::optional<std::uint64_t> locked_bytes(const fs::path& proc) {
  const std::string line = status_line(proc / "self/limits", "Max locked memory");
  const std::size_t at = std::min(line.find_first_not_of(' '), line.size());
  if (line.substr(at).starts_with("unlimited")) return std::nullopt;
  std::uint64_t bytes = 0;
  (void)std::from_chars(line.data() + at, line.data() + line.size(), bytes);
  return bytes;
}

/// /proc/swaps has a line for its head, and one for each swap.
bool has_swap(const fs::path& proc) {
  std::ifstream stream(proc / "swaps");
  std::string line;
  return std::getline(stream, line) && std::getline(stream, line) && !line.empty();
}

/// Octets per second; nothing when the disk refuses.
std::optional<double> write_speed(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return std::nullopt;
  const std::vector<char> block(kBlock, 'x');
  const auto start = std::chrono::steady_clock::now();
  bool whole = true;
  for (std::size_t at = 0; whole && at < kSpeedProbe; at += kBlock) {
    whole = ::write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size());
  }
  whole = whole && ::fdatasync(file) == 0;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  (void)::close(file);
  if (!whole) return std::nullopt;
  return static_cast<double>(kSpeedProbe) / std::max(took.count(), 1e-6);
}

Finding judge_speed(double bytes_per_second) {
  const std::string what = fmt::format("{:.0f} MB/s, written and synced", bytes_per_second / 1e6);
  if (bytes_per_second >= kSlowDisk) return {"disk speed", Verdict::Ok, what};
  return {"disk speed", bytes_per_second < kHopelessDisk ? Verdict::Failure : Verdict::Warning, what,
          "put the output folder on a faster disk; iostat -x 1 shows what else writes"};
}

}  // namespace

ClockState read_clock() noexcept {
  timex state{};
  const int result = ::adjtimex(&state);
  return {.synchronised = result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0,
          .most_error = std::chrono::microseconds(state.maxerror)};
}

Findings judge_clock(const ClockState& clock) {
  if (!clock.synchronised) {
    return {{"clock", Verdict::Failure, "it is not synchronised: times in recordings would be wrong",
             "apt install systemd-timesyncd && timedatectl set-ntp true (or chrony)"}};
  }
  const std::string what =
      fmt::format("synchronised, at most {:.3f} s off", static_cast<double>(clock.most_error.count()) / 1e6);
  if (clock.most_error > kMostClockError) return {{"clock", Verdict::Warning, what, "timedatectl timesync-status"}};
  return {{"clock", Verdict::Ok, what}};
}

Rights read_rights(const fs::path& proc) {
  const std::uint64_t capabilities = effective_capabilities(proc);
  return {.capture = (capabilities >> CAP_NET_RAW & 1U) != 0,
          .lock_memory = (capabilities >> CAP_IPC_LOCK & 1U) != 0,
          .locked_bytes = locked_bytes(proc),
          .swap = has_swap(proc)};
}

Findings judge_rights(const Rights& rights, bool interfaces) {
  Findings all;
  if (rights.capture) {
    all.push_back({"permission to capture", Verdict::Ok, "CAP_NET_RAW"});
  } else if (interfaces) {
    all.push_back({"permission to capture", Verdict::Failure, "this process has no CAP_NET_RAW",
                   "systemctl start tapestry (its unit gives it); by hand as root"});
  }
  const bool may_lock = rights.lock_memory || !rights.locked_bytes;
  if (!rights.swap) {
    all.push_back({"swap", Verdict::Ok, "there is none"});
  } else if (may_lock) {
    all.push_back({"swap", Verdict::Ok, "there is some; this process's memory is locked"});
  } else {
    all.push_back({"swap", Verdict::Warning, "keys and media may be written to swap: memory cannot be locked",
                   "LimitMEMLOCK=infinity in the unit; by hand: ulimit -l unlimited; or swapoff -a"});
  }
  return all;
}

Disk read_disk(const fs::path& folder, bool write) {
  Disk disk{.folder = folder};
  std::error_code none;
  disk.present = fs::is_directory(folder, none);
  if (!disk.present) return disk;
  disk.writable = ::access(folder.c_str(), W_OK | X_OK) == 0;
  struct statvfs state{};
  if (::statvfs(folder.c_str(), &state) == 0) {
    disk.free_bytes = std::uint64_t{state.f_bavail} * state.f_frsize;
    disk.bytes = std::uint64_t{state.f_blocks} * state.f_frsize;
    disk.free_files = state.f_favail;
    disk.files = state.f_files;
  }
  if (write && disk.writable && disk.free_bytes > kLeastFree) disk.bytes_per_second = write_speed(folder);
  return disk;
}

Findings judge_disk(const Disk& disk) {
  const std::string folder = disk.folder.string();
  if (!disk.present) {
    return {{"output folder", Verdict::Failure, fmt::format("{} is no folder", folder),
             fmt::format("install -d -o tapestry -g tapestry -m 0750 {}", folder)}};
  }
  Findings all;
  if (disk.writable) {
    all.push_back({"output folder", Verdict::Ok, folder});
  } else {
    all.push_back({"output folder", Verdict::Failure, fmt::format("this user cannot write to {}", folder),
                   fmt::format("chown tapestry:tapestry {}", folder)});
  }
  const std::string space = fmt::format("{:.1f} of {:.1f} GB free", static_cast<double>(disk.free_bytes) / 1e9,
                                        static_cast<double>(disk.bytes) / 1e9);
  if (disk.free_bytes >= kLittleFree) {
    all.push_back({"disk space", Verdict::Ok, space});
  } else {
    all.push_back({"disk space", disk.free_bytes < kLeastFree ? Verdict::Failure : Verdict::Warning, space,
                   fmt::format("du -xh --max-depth=2 {}, then make room", folder)});
  }
  if (disk.files != 0 && disk.free_files < kFewFiles) {
    all.push_back({"disk files", Verdict::Warning, fmt::format("{} more files have room", disk.free_files),
                   fmt::format("df -i {}", folder)});
  }
  if (disk.bytes_per_second) all.push_back(judge_speed(*disk.bytes_per_second));
  return all;
}

}  // namespace tapestry::doctor
