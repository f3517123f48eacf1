// `tapestry run` as a process. What needs a network interface runs in a namespace of its own: as root, or not at all (a
// line says so).
#include "app/run.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <sstream>

#include "capture/interface_source.h"
#include "tests/app/live_call.h"
#include "tests/app/started.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/cable.h"
#include "tests/support/frame_sender.h"
#include "tests/support/network_namespace.h"
#include "tests/support/pcap_writer.h"
#include "verify/verify.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using std::chrono::milliseconds;

std::vector<std::string> run_of(const testing::TemporaryFolder& folder, const std::string& out) {
  return {"run", "--config", folder / "run.toml", "--out", folder / out};
}

}  // namespace

TEST_CASE("a call that is captured live gives the very files that its capture gives in replay") {
  testing::with_cable([] {
    const testing::TemporaryFolder folder;
    const FixedNow fixed;
    testing::write_file(folder / "run.toml",
                        std::string("[[capture]]\ninterface = \"tstC\"\nring_mb = 16\nrings = 2\n") + kParties);
    Started running(run_of(folder, "live"), folder / "run.log");
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
    const auto live = made_below(folder / "live");
    CHECK(live.size() == 2);
    CHECK(live == made_by_replay(folder / "same.pcap", folder / "replayed"));
  });
}

TEST_CASE("SIGTERM in the middle of a call finishes its recording, the interface may have been down meanwhile") {
  testing::with_cable([] {
    const testing::TemporaryFolder folder;
    testing::write_file(folder / "run.toml",
                        std::string("[[capture]]\ninterface = \"tstC\"\nring_mb = 16\n") + kParties);
    Started running(run_of(folder, "out"), folder / "run.log");
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
    Started running(run_of(folder, "out"), folder / "run.log");
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

TEST_CASE("a signal from the terminal, which reaches the finisher's group as well, ends all in order") {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "in");
  testing::write_file(folder / "run.toml", std::string("[[capture]]\nfolder = \"in\"\n") + kParties);
  Started running(run_of(folder, "out"), folder / "run.log", true);
  running.wait_for("capturing");
  std::ofstream capture(folder / "in/1.pcap", std::ios::binary);
  testing::write_pcap(capture, testing::frames_of(short_call()));
  capture.close();
  usleep(1'000'000);
  running.signal_group(SIGINT);
  CHECK(running.wait() == 0);
  CHECK_THAT(running.log(), !Contains("the finisher"));
  CHECK(made_below(folder / "out").size() == 2);
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
