// Kills the recorder again and again while calls go on, and looks at what is recorded.
//
// usage: crash_test [--kills N] [--seconds S] [--lines N] [--seed N] [--no-store] [--keep DIR] [--program FILE] (as
// root)
//   --no-store  nobody keeps the capture rings: each kill may lose the delay line, and what came until the next start
//
// `run` is killed N times, and `finish` every fifth of them. Exit status 0: each call is in one vCon, all verify, and
// no more is missing than may be; 77: network namespaces are not permitted here.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include "tests/app/temporary_folder.h"
#include "tests/crash/load.h"
#include "tests/crash/outcome.h"
#include "tests/support/frame_sender.h"
#include "tests/support/network_namespace.h"
#include "tests/support/service_manager.h"

namespace {

using namespace tapestry;
namespace fs = std::filesystem;

constexpr int kSkipped = 77;
constexpr const char* kSender = "crshA";
constexpr const char* kMirror = "crshC";
constexpr std::size_t kFaultsShown = 20;
/// The delay line, the log's turn, and the chunk that is being filled.
constexpr double kLostPerKill = 3 + 0.25 + 1.1;

struct Options {
  unsigned kills = 20;
  double seconds = 30;
  unsigned lines = 4;
  std::uint64_t seed = 1;
  bool store = true;
  fs::path keep{};
  std::string program = TAPESTRY_PROGRAM;
};

Options options_of(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto next = [&] { return i + 1 < words.size() ? words[++i] : std::string("0"); };
    if (words[i] == "--kills") options.kills = static_cast<unsigned>(std::stoul(next()));
    if (words[i] == "--seconds") options.seconds = std::stod(next());
    if (words[i] == "--lines") options.lines = static_cast<unsigned>(std::stoul(next()));
    if (words[i] == "--seed") options.seed = std::stoull(next());
    if (words[i] == "--no-store") options.store = false;
    if (words[i] == "--keep") options.keep = next();
    if (words[i] == "--program") options.program = next();
  }
  return options;
}

/// What is killed, and what starts it again.
class Recorder {
 public:
  Recorder(const fs::path& folder, const Options& options)
      : folder_(folder), program_(options.program), store_(options.store) {
    fs::create_directories(folder_ / "run");
    fs::create_directories(folder_ / "finish");
    run_.emplace(folder_ / "run");
    finish_.emplace(folder_ / "finish");
  }
  void start_run() {
    // A new one has nothing that the one before left with it.
    if (!store_) {
      run_.reset();
      fs::remove_all(folder_ / "run");
      fs::create_directories(folder_ / "run");
      run_.emplace(folder_ / "run");
    }
    run_->start(words_of("run", "--no-finish"), folder_ / "run.log");
  }
  void start_finish() { finish_->start(words_of("finish", ""), folder_ / "finish.log"); }
  [[nodiscard]] bool wait_until_ready() { return run_->wait_for("READY=1"); }
  int stop_run(int signal) { return run_->stop(signal); }
  int stop_finish(int signal) { return finish_->stop(signal); }
  int finish_all() {
    finish_->start(words_of("finish", "--until-end"), folder_ / "finish.log");
    return finish_->stop(0);
  }

 private:
  std::vector<std::string> words_of(const std::string& command, const std::string& more) {
    std::vector<std::string> words = {program_, command, "--config", folder_ / "run.toml", "--out", folder_ / "out"};
    if (!more.empty()) words.push_back(more);
    return words;
  }

  fs::path folder_;
  std::string program_;
  bool store_;
  std::optional<testing::ServiceManager> run_;
  std::optional<testing::ServiceManager> finish_;
};

void write_configuration(const fs::path& folder) {
  testing::write_file(
      folder / "run.toml",
      fmt::format("[[capture]]\ninterface = \"{}\"\nring_mb = 128\n[[party]]\nuri = \"^sip:1[0-9]{{3}}@\"\n"
                  "role = \"agent\"\n[keys]\nalgorithm = \"es256\"\n[recording]\nformat = \"g711\"\n"
                  "[conversation]\nlinger = 3\n[control]\nsocket = \"control.sock\"\n",
                  kMirror));
}

struct Kills {
  unsigned count = 0;
  double down = 0;  ///< seconds in which nobody captured
};

/// Kills at random moments until all is sent.
Kills kill_again_and_again(Recorder& recorder, const Options& options, const std::atomic<bool>& sent) {
  std::mt19937_64 dice(options.seed);
  const double every = options.seconds / options.kills;
  Kills kills;
  while (kills.count < options.kills && !sent) {
    // From a tenth to twice the mean, less what a start takes.
    const double wait = every * (0.1 + 1.7 * static_cast<double>(dice() % 1000) / 1000);
    std::this_thread::sleep_for(from_seconds(wait));
    const auto killed = std::chrono::steady_clock::now();
    (void)recorder.stop_run(SIGKILL);
    recorder.start_run();
    if (!options.store && recorder.wait_until_ready())
      kills.down += std::chrono::duration<double>(std::chrono::steady_clock::now() - killed).count();
    if (++kills.count % 5 != 0) continue;
    (void)recorder.stop_finish(SIGKILL);
    recorder.start_finish();
  }
  return kills;
}

int judge(const crash::Outcome& outcome, const crash::Load& load, const Options& options, const Kills& kills) {
  const std::uint64_t missing = outcome.sent - std::min(outcome.sent, outcome.recorded);
  const double rate = 2.0 * 50 * options.lines;
  const auto may_miss =
      options.store ? 0 : static_cast<std::uint64_t>((kills.count * kLostPerKill + kills.down) * rate);
  std::cout << fmt::format(
      "{} kills in {:.0f} s, {}: {} calls sent, {} in {} vCons, {} in two; {} of {} packets missing ({} may be)\n",
      kills.count, options.seconds, options.store ? "rings kept" : "rings lost", load.calls, outcome.calls,
      outcome.vcons, outcome.repeated, missing, outcome.sent, may_miss);
  for (std::size_t n = 0; n < std::min(kFaultsShown, outcome.faults.size()); ++n)
    std::cout << outcome.faults[n] << "\n";
  // A call that begins and ends while nobody captures is not there.
  const bool all = options.store ? outcome.calls == load.calls : outcome.calls <= load.calls;
  const bool good = all && outcome.vcons == outcome.calls && outcome.repeated == 0 && missing <= may_miss &&
                    outcome.recorded <= outcome.sent && outcome.faults.empty() && kills.count > 0;
  std::cout << (good ? "crash_test: passed\n" : "crash_test: FAILED\n");
  return good ? 0 : 1;
}

int test(const Options& options, const fs::path& folder) {
  if (!testing::make_cable(kSender, kMirror)) return kSkipped;
  const crash::Load load = crash::load_of(options.seconds, options.lines, options.seed);
  write_configuration(folder);
  Recorder recorder(folder, options);
  recorder.start_run();
  recorder.start_finish();
  if (!recorder.wait_until_ready()) {
    std::cout << testing::read_file(folder / "run.log") << "crash_test: run did not start\n";
    return 1;
  }
  std::atomic<bool> sent = false;
  // In the network of this thread.
  std::jthread sender([&] {
    testing::send_frames(kSender, load.frames);
    sent = true;
  });
  const Kills kills = kill_again_and_again(recorder, options, sent);
  sender.join();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const int stopped = recorder.stop_run(SIGTERM);
  (void)recorder.stop_finish(SIGTERM);
  const int finished = recorder.finish_all();
  if (stopped != 0 || finished != 0) {
    std::cout << fmt::format("run ended with {}, finish with {}\n", stopped, finished);
    std::cout << testing::read_file(folder / "run.log") << testing::read_file(folder / "finish.log");
    return 1;
  }
  return judge(crash::outcome_of(folder / "out", load), load, options, kills);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = options_of({argv + 1, argv + argc});
  const testing::TemporaryFolder temporary;
  const fs::path folder = options.keep.empty() ? temporary.path() : options.keep;
  int status = kSkipped;
  const bool permitted = testing::in_network_namespace([&] { status = test(options, folder); });
  if (!permitted || status == kSkipped) {
    std::cout << "crash_test: skipped: network namespaces are not permitted here\n";
    return kSkipped;
  }
  return status;
}
