#include "tests/bench/linking.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "tests/bench/replays.h"

namespace tapestry::bench {
namespace {

namespace fs = std::filesystem;

/// A load that a process of its own writes into a named pipe: neither disk nor our memory holds it.
class LoadPipe {
 public:
  LoadPipe(fs::path path, const LinkedLoad& load) : path_(std::move(path)) {
    if (mkfifo(path_.c_str(), 0600) != 0) throw std::system_error(errno, std::generic_category(), path_.string());
    writer_ = fork();
    if (writer_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (writer_ == 0) write(load);
  }
  ~LoadPipe() {
    (void)kill(writer_, SIGTERM);  // when nobody reads
    (void)waitpid(writer_, nullptr, 0);
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  LoadPipe(const LoadPipe&) = delete;
  LoadPipe& operator=(const LoadPipe&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  [[noreturn]] void write(const LinkedLoad& load) const {
    try {
      write_linked_load(path_, load);
    } catch (const std::exception& error) {
      std::cerr << "bench: " << error.what() << "\n";
      _exit(1);
    }
    _exit(0);
  }

  fs::path path_;
  pid_t writer_ = -1;
};

/// What linking_probe wrote.
struct Probed {
  LinkingCost cost;
  LinkingMemory memory;
  std::size_t open_calls = 0;
  std::uint64_t joined = 0;
};

Probed read_report(const fs::path& path) {
  std::ifstream file(path);
  Probed probed;
  file >> probed.cost.linking_seconds >> probed.cost.whole_seconds >> probed.cost.wall_seconds >> probed.memory.most >>
      probed.memory.quiet >> probed.memory.later >> probed.open_calls >> probed.joined;
  if (!file || probed.cost.linking_seconds <= 0) throw std::runtime_error("linking_probe measured nothing");
  return probed;
}

}  // namespace

LinkingCost measure_linking(const fs::path& probe, const fs::path& work, const LinkedLoad& load) {
  const fs::path report = work / "linking";
  Replays replays({probe.string(), report.string()}, work);
  const LoadPipe pipe(work / "load.pipe", load);
  const std::size_t recordings = load.media ? load.dialogs() : 0;
  const ChildUse use = replays.run(pipe.path(), {"g711"}, recordings);
  const std::size_t vcons = count_files(replays.output() / "vcon");
  if (vcons != load.conversations()) throw std::runtime_error(fmt::format("replay made {} vCons", vcons));
  LinkingCost cost = read_report(report).cost;
  cost.peak_megabytes = use.peak_megabytes;
  return cost;
}

LinkingCost measure_pipeline(const fs::path& probe, const fs::path& work, const LinkedLoad& load,
                             LinkingMemory& memory) {
  const fs::path report = work / "linking";
  const LoadPipe pipe(work / "load.pipe", load);
  const std::string quiet = std::to_string(quiet_since(load).time_since_epoch().count());
  const ChildUse use = run_child({probe.string(), report.string(), "pipeline", quiet, pipe.path().string()});
  Probed probed = read_report(report);
  if (probed.open_calls > 0) throw std::runtime_error("calls are open after their end");
  if (probed.joined < load.groups) throw std::runtime_error("transfers were not joined");
  memory = probed.memory;
  probed.cost.peak_megabytes = use.peak_megabytes;
  return probed.cost;
}

}  // namespace tapestry::bench
