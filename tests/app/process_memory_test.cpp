#include "app/process_memory.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <optional>
#include <sstream>
#include <thread>

#include "tests/app/temporary_folder.h"
#include "tests/support/sample_call.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Made when it is needed: where it is looked for, it must not stand by itself.
std::string pattern() {
  std::string text;
  for (int n = 0; n < 32; ++n) text += static_cast<char>('A' + n * n * 7 % 53);
  return text;
}

std::size_t finds(std::string_view text) {
  const std::string wanted = pattern();
  std::size_t count = 0;
  for (std::size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) ++count;
  return count;
}

bool cores_are_plain_files() {
  const std::string name = testing::read_file("/proc/sys/kernel/core_pattern");
  if (!kSanitized && !name.empty() && name.find_first_of("|/") == std::string::npos && name.starts_with("core")) {
    return true;
  }
  WARN("skipped: this build is sanitized, or core dumps are no plain files here");
  return false;
}

std::optional<fs::path> core_in(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("core")) return entry.path();
  }
  return std::nullopt;
}

/// In a child: core dumps of all memory allowed, in `folder`.
void allow_cores(const fs::path& folder) {
  constexpr rlimit kAll{RLIM_INFINITY, RLIM_INFINITY};
  (void)setrlimit(RLIMIT_CORE, &kAll);
  (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  testing::write_file("/proc/self/coredump_filter", "0x33");
  if (chdir(folder.c_str()) != 0) _exit(2);
}

/// A child with the pattern in its memory that dies; false when it made no core dump.
bool die_with_pattern(const fs::path& folder, bool protect) {
  const pid_t child = fork();
  if (child == 0) {
    (void)std::signal(SIGABRT, SIG_DFL);  // not Catch's
    allow_cores(folder);
    const std::string held = pattern();
    if (protect && !leave_memory_out_of_cores()) _exit(3);
    std::string copy;
    for (int n = 0; n < 1000; ++n) copy += held;
    if (finds(copy) == 1000) abort();
    _exit(4);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  return WCOREDUMP(status);
}

/// A capture whose RTP carries the pattern.
std::string capture_with_pattern() {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.protect = [](bool, double, const testing::Buffer& rtp) {
    testing::Buffer changed = rtp;
    const std::string text = pattern();
    for (std::size_t n = 12; n < changed.size(); ++n) changed[n] = static_cast<std::uint8_t>(text[(n - 12) % 32]);
    return changed;
  };
  std::ostringstream out;
  testing::write_pcap(out, testing::frames_of(call));
  return out.str();
}

/// The program as it reads a capture from a pipe that does not end.
class Running {
 public:
  explicit Running(const fs::path& folder) {
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    child_ = fork();
    if (child_ == 0) {
      allow_cores(folder);
      (void)dup2(ends[0], STDIN_FILENO);
      const int quiet = open("/dev/null", O_WRONLY);
      (void)dup2(quiet, STDOUT_FILENO);
      (void)dup2(quiet, STDERR_FILENO);
      const std::string out = folder / "out";
      (void)execl(TAPESTRY_PROGRAM, "tapestry", "replay", "--out", out.c_str(), "-", nullptr);
      _exit(5);
    }
    (void)close(ends[0]);
    input_ = ends[1];
  }
  ~Running() {
    (void)close(input_);
    if (child_ > 0) {
      (void)kill(child_, SIGKILL);
      (void)waitpid(child_, nullptr, 0);
    }
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  /// Returns when all of it was read.
  void feed(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t put = write(input_, text.data(), text.size());
      REQUIRE(put > 0);
      text.remove_prefix(static_cast<std::size_t>(put));
    }
    int left = 1;
    for (int n = 0; n < 600 && left != 0; ++n) {
      REQUIRE(ioctl(input_, FIONREAD, &left) == 0);
      std::this_thread::sleep_for(50ms);
    }
    REQUIRE(left == 0);
    std::this_thread::sleep_for(200ms);
  }

  /// What its writable memory holds; empty when it may not be read.
  [[nodiscard]] std::string memory() const {
    const std::string process = "/proc/" + std::to_string(child_);
    std::ifstream maps(process + "/maps");
    std::ifstream memory(process + "/mem", std::ios::binary);
    std::string text;
    for (std::string line; std::getline(maps, line);) {
      if (!line.contains(" rw")) continue;
      std::uint64_t from = 0;
      std::uint64_t to = 0;
      const auto first = std::from_chars(line.data(), line.data() + line.size(), from, 16);
      (void)std::from_chars(first.ptr + 1, line.data() + line.size(), to, 16);
      std::string part(to - from, '\0');
      memory.clear();
      memory.seekg(static_cast<std::streamoff>(from));
      memory.read(part.data(), static_cast<std::streamsize>(part.size()));
      text.append(part, 0, static_cast<std::size_t>(memory.gcount()));
    }
    return text;
  }

  /// Its status for waitpid, after the signal.
  int end_by(int signal) {
    int status = 0;
    (void)kill(child_, signal);
    REQUIRE(waitpid(child_, &status, 0) == child_);
    child_ = -1;
    return status;
  }

 private:
  pid_t child_ = -1;
  int input_ = -1;
};

}  // namespace

TEST_CASE("a core dump holds what was in memory, unless memory was left out of it") {
  if (!cores_are_plain_files()) return;
  const testing::TemporaryFolder folder;
  REQUIRE(die_with_pattern(folder.path(), false));
  const auto open_core = core_in(folder.path());
  REQUIRE(open_core);
  CHECK(finds(testing::read_file(*open_core)) >= 1000);
  fs::remove(*open_core);

  REQUIRE(die_with_pattern(folder.path(), true));
  const auto closed_core = core_in(folder.path());
  REQUIRE(closed_core);
  CHECK(fs::file_size(*closed_core) > 0);
  CHECK(finds(testing::read_file(*closed_core)) == 0);
}

TEST_CASE("the program leaves nothing of what it records when it dies") {
  if (!cores_are_plain_files()) return;
  const testing::TemporaryFolder folder;
  Running program(folder.path());
  program.feed(capture_with_pattern());
  const std::string memory = program.memory();
  if (memory.empty()) {
    WARN("its memory may not be read: not proved that it held what was sent");
  } else {
    CHECK(finds(memory) > 1000);
  }
  const int status = program.end_by(SIGABRT);
  CHECK(WIFSIGNALED(status));
  std::size_t found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (entry.is_regular_file()) found += finds(testing::read_file(entry.path()));
  }
  CHECK(found == 0);
}

// The last one here: it is for good.
TEST_CASE("a process whose memory is protected leaves no core dump") {
  const MemoryProtection memory = protect_memory();
  CHECK(memory.core_excluded);
  CHECK(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_CORE, &limit) == 0);
  CHECK(limit.rlim_cur == 0);
  CHECK(limit.rlim_max == 0);
  const Counters counters = counters_of(memory);
  REQUIRE(counters.size() == 2);
  CHECK(counters[0].name == "process.core_excluded");
  CHECK(counters[0].value == 1);
  CHECK(counters[1].name == "process.memory_locked");
  CHECK(counters[1].value == (memory.locked ? 1U : 0U));
  if (kSanitized) CHECK_FALSE(memory.locked);
  CHECK(munlockall() == 0);
}

}  // namespace tapestry::app
