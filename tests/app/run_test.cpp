// `tapestry run` as a process. What needs a network interface runs in a namespace of its own: as root, or not at all (a
// line says so).
#include "app/run.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/replay.h"
#include "capture/interface_source.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/frame_sender.h"
#include "tests/support/network_namespace.h"
#include "tests/support/pcap_writer.h"
#include "verify/verify.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using std::chrono::milliseconds;

constexpr const char* kParties =
    "[[party]]\nuri = \"^sip:1[0-9]{3}@\"\nrole = \"agent\"\n[keys]\nalgorithm = \"es256\"\n"
    "[recording]\nformat = \"wav\"\n";

/// The program, with standard error in a file.
class Running {
 public:
  Running(const fs::path& config, const fs::path& out, fs::path log) : log_(std::move(log)) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 2, log_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    std::vector<std::string> words = {TAPESTRY_PROGRAM, "run", "--config", config, "--out", out};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    REQUIRE(posix_spawn(&process_, words[0].c_str(), &actions, nullptr, arguments.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Running() { (void)stop(SIGKILL); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] std::string log() const { return testing::read_file(log_); }
  /// Waits until its log has that text, for at most 60 s.
  void wait_for(const std::string& text) const {
    for (int n = 0; n < 1200 && log().find(text) == std::string::npos; ++n) usleep(50'000);
    CHECK_THAT(log(), Contains(text));
  }
  void signal(int signal) const { kill(process_, signal); }
  /// Its exit status; -1 when the signal ended it.
  int stop(int signal) {
    if (process_ == 0) return -1;
    kill(process_, signal);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  fs::path log_;
  pid_t process_ = 0;
};

testing::SampleCall short_call() {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.ring_seconds = 0.5;
  call.talk_seconds = 2;
  call.hold_seconds = 1;
  call.rest_seconds = 1;
  call.loss_at = 1;
  return call;
}

/// Everything below a folder by its name: payloads of vCons, bytes of media.
std::map<std::string, std::string> made_below(const fs::path& out) {
  std::map<std::string, std::string> made;
  for (const char* kind : {"vcon", "media"}) {
    if (!fs::exists(out / kind)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(out / kind)) {
      if (!entry.is_regular_file()) continue;
      const bool vcon = entry.path().extension() == ".vcon";
      made[fs::relative(entry.path(), out)] =
          vcon ? verify::payload_of(entry.path()) : testing::read_file(entry.path());
    }
  }
  return made;
}

/// What a second ring on the interface has captured.
void save(capture::InterfaceSource& source, const fs::path& file) {
  std::ofstream stream(file, std::ios::binary);
  testing::PcapWriter writer(stream, {.nanoseconds = true});
  capture::Frame frame;
  while (source.lanes().front()->next(frame)) writer.add(frame.time, frame.data);
}

void with_cable(const std::function<void()>& test) {
  const bool permitted = testing::in_network_namespace([&] {
    if (!testing::make_cable("tstA", "tstC")) {
      WARN("skipped: ip(8) cannot make a veth pair here");
      return;
    }
    test();
  });
  if (!permitted) WARN("skipped: network namespaces are not permitted here");
}

/// SOURCE_DATE_EPOCH for what is started meanwhile.
class FixedNow {
 public:
  FixedNow() { ::setenv("SOURCE_DATE_EPOCH", "1772500000", 1); }
  ~FixedNow() { ::unsetenv("SOURCE_DATE_EPOCH"); }
  FixedNow(const FixedNow&) = delete;
  FixedNow& operator=(const FixedNow&) = delete;
};

}  // namespace

TEST_CASE("a call that is captured live gives the very files that its capture gives in replay") {
  with_cable([] {
    const testing::TemporaryFolder folder;
    const FixedNow fixed;
    testing::write_file(folder / "run.toml",
                        std::string("[[capture]]\ninterface = \"tstC\"\nring_mb = 16\nrings = 2\n") + kParties);
    Running running(folder / "run.toml", folder / "live", folder / "run.log");
    // Nobody reads this ring before the end: it holds the whole call, a block for each block time.
    capture::InterfaceSource second(
        {.ring = {.interface = "tstC", .bytes = 64U << 20U, .block_time = std::chrono::milliseconds(100)}});
    running.wait_for("capturing");
    testing::send_frames("tstA", testing::frames_of(short_call()));
    usleep(300'000);
    CHECK(running.stop(SIGTERM) == 0);
    INFO(running.log());
    CHECK_THAT(running.log(), Contains("recorded: ") && Contains("sip:1001@agents.example.com"));
    save(second, folder / "same.pcap");
    ReplaySettings settings;
    settings.captures = {folder / "same.pcap"};
    settings.out = folder / "replayed";
    settings.config = parse_config(kParties, "t");
    settings.config.vcon.now = Time(std::chrono::seconds(1'772'500'000));
    std::ostringstream printed;
    CHECK(replay_and_print(settings, true, printed, printed) == 0);
    const auto live = made_below(folder / "live");
    CHECK(live.size() == 2);
    CHECK(live == made_below(folder / "replayed"));
  });
}

TEST_CASE("SIGTERM in the middle of a call finishes its recording; the interface may have been down meanwhile") {
  with_cable([] {
    const testing::TemporaryFolder folder;
    testing::write_file(folder / "run.toml",
                        std::string("[[capture]]\ninterface = \"tstC\"\nring_mb = 16\n") + kParties);
    Running running(folder / "run.toml", folder / "out", folder / "run.log");
    running.wait_for("capturing");
    auto frames = testing::frames_of(short_call());
    std::erase_if(frames, [&](const testing::TimedFrame& one) {
      return one.time > frames.front().time + std::chrono::seconds(4);
    });
    const auto middle = frames.begin() + static_cast<std::ptrdiff_t>(frames.size() / 2);
    testing::send_frames("tstA", {frames.begin(), middle});
    REQUIRE(testing::ip("link set tstC down"));
    running.wait_for("tstC is down");
    REQUIRE(testing::ip("link set tstC up"));
    running.signal(SIGHUP);
    testing::send_frames("tstA", {middle, frames.end()});
    usleep(100'000);
    CHECK(running.stop(SIGINT) == 0);
    INFO(running.log());
    CHECK(made_below(folder / "out").size() == 2);
    const auto made = made_below(folder / "out");
    CHECK(verify::faults_of(folder / "out" / made.rbegin()->first, {}).empty());
  });
}

TEST_CASE("captures that come into a folder are recorded, once") {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "in");
  testing::write_file(folder / "run.toml", std::string("[[capture]]\nfolder = \"in\"\n") + kParties);
  const auto run_once = [&](const std::string& wanted) {
    Running running(folder / "run.toml", folder / "out", folder / "run.log");
    running.wait_for("capturing");
    const auto frames = testing::frames_of(short_call());
    const auto middle = frames.begin() + static_cast<std::ptrdiff_t>(frames.size() / 2);
    if (!wanted.empty()) {
      std::ofstream first(folder / "in/1.pcap", std::ios::binary);
      testing::write_pcap(first, {frames.begin(), middle});
      first.close();
      std::ofstream second(folder / "in/2.pcap", std::ios::binary);
      testing::write_pcap(second, {middle, frames.end()});
      second.close();
      testing::write_file(folder / "in/3.pcap", "no capture");
      running.wait_for("3.pcap: nothing was read");
    }
    usleep(300'000);
    CHECK(running.stop(SIGTERM) == 0);
    CHECK_THAT(running.log(), Contains(wanted));
    return running.log();
  };
  (void)run_once("recorded: 0:05");
  CHECK(made_below(folder / "out").size() == 2);
  CHECK(run_once("").find("recorded") == std::string::npos);
}

TEST_CASE("without anything to capture it does not start") {
  const testing::TemporaryFolder folder;
  RunSettings settings{.out = folder / "out", .config = parse_config(kParties, "t")};
  std::ostringstream err;
  CHECK_THROWS_AS(run(settings, {}, err), ConfigError);
  CHECK_FALSE(fs::exists(folder / "out"));
}

TEST_CASE("hooks are called: ready, turns under way, reload on SIGHUP, stopping") {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "in");
  RunSettings settings{
      .out = folder / "out",
      .config = parse_config(std::string("[[capture]]\nfolder = \"in\"\n") + kParties, "t", folder.path())};
  std::string calls;
  int turns = 0;
  RunHooks hooks;
  hooks.ready = [&](RunView&) { calls += "ready "; };
  hooks.turn = [&](RunView&) {
    if (++turns == 5) kill(getpid(), SIGHUP);
    if (turns == 10) kill(getpid(), SIGTERM);
  };
  hooks.reload = [&](RunView&) { calls += "reload "; };
  hooks.stopping = [&](RunView&) { calls += "stopping"; };
  std::ostringstream err;
  CHECK(run(settings, hooks, err) == 0);
  CHECK(calls == "ready reload stopping");
}

}  // namespace tapestry::app
