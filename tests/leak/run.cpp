#include "tests/leak/run.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <sstream>

#include "app/replay.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/sample_call.h"

namespace tapestry::leak {
namespace {

namespace fs = std::filesystem;

/// A trial identity is made by the first run and then given to the others. `taken`: the run is over.
void share_keys(const fs::path& out, bool taken) {
  static const testing::TemporaryFolder kept;
  const fs::path from = taken ? out / "keys" : kept / "keys";
  const fs::path to = taken ? kept / "keys" : out / "keys";
  if (fs::exists(from) && !fs::exists(to)) fs::copy(from, to, fs::copy_options::recursive);
}

std::size_t vcons_below(const fs::path& out) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(out))
    count += entry.path().extension() == ".vcon" ? 1U : 0U;
  return count;
}

/// Becomes the program; standard input is `input`. Never returns.
[[noreturn]] void become(const fs::path& program, const fs::path& out, int input) {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  (void)setrlimit(RLIMIT_CORE, &unlimited);
  if (chdir(out.c_str()) != 0) _exit(126);
  const int printed = open("stdout.json", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int complained = open("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (dup2(input, 0) < 0 || dup2(printed, 1) < 0 || dup2(complained, 2) < 0) _exit(126);
  (void)setenv("TMPDIR", out.c_str(), 1);
  const std::string name = program.string();
  execl(name.c_str(), name.c_str(), "replay", "--config", "../scene.toml", "--out", ".", "--json", "-", nullptr);
  _exit(127);
}

/// Writes `size` octets, in pieces.
bool feed(int output, std::string_view bytes) {
  constexpr std::size_t kPiece = 32U << 10U;
  while (!bytes.empty()) {
    const ssize_t wrote = write(output, bytes.data(), std::min(kPiece, bytes.size()));
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
    usleep(200);
  }
  return true;
}

std::string capture_of(const Schedule& schedule) {
  std::ostringstream capture;
  testing::write_pcap(capture, schedule.scene.frames);
  return capture.str();
}

}  // namespace

Ran replay_here(const Schedule& schedule, const fs::path& folder, bool gated) {
  const fs::path out = folder / "out";
  fs::create_directories(out);
  testing::write_file(folder / "scene.pcap", capture_of(schedule));
  app::ReplaySettings settings;
  settings.captures = {(folder / "scene.pcap").string()};
  settings.out = out;
  settings.config = app::parse_config(schedule.scene.configuration, "scene");
  settings.config.rules.pauses.ignore = !gated;
  settings.finishers = 1;
  share_keys(out, false);
  std::ostringstream printed;
  std::ostringstream complained;
  Ran ran;
  if (app::replay_and_print(settings, true, printed, complained) != 0) ran.failure = complained.str();
  testing::write_file(out / "stdout.json", printed.str());
  testing::write_file(out / "stderr.txt", complained.str());
  share_keys(out, true);
  ran.vcons = vcons_below(out);
  return ran;
}

Ran replay_and_kill(const Schedule& schedule, const fs::path& folder, const fs::path& program, int signal,
                    double part) {
  const fs::path out = folder / "out";
  fs::create_directories(out);
  testing::write_file(folder / "scene.toml", schedule.scene.configuration);
  share_keys(out, false);
  std::array<int, 2> ends{};
  Ran ran;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {.failure = "no pipe"};
  const pid_t child = fork();
  if (child == 0) become(program, out, ends[0]);
  close(ends[0]);
  if (child < 0) return {.failure = "no child"};
  const std::string capture = capture_of(schedule);
  const auto size = static_cast<std::size_t>(static_cast<double>(capture.size()) * part);
  const bool fed = feed(ends[1], std::string_view(capture).substr(0, size));
  if (part < 1) {
    usleep(1000);
    (void)kill(child, signal);
    ran.killed = true;
  }
  close(ends[1]);
  int status = 0;
  (void)waitpid(child, &status, 0);
  const bool well = ran.killed ? WIFSIGNALED(status) || fed : WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!well) ran.failure = "the child ended with status " + std::to_string(status);
  ran.vcons = vcons_below(out);
  return ran;
}

}  // namespace tapestry::leak
