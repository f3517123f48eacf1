// Rings that outlive `tapestry run`. What needs a network interface runs in a namespace of its own: as root, or not at
// all (a line says so).
#include "app/live_captures.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "tests/app/live_call.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/cable.h"
#include "tests/support/frame_sender.h"
#include "tests/support/network_namespace.h"
#include "tests/support/service_manager.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using std::chrono::milliseconds;

/// `tapestry run` under a service manager.
struct Service {
  explicit Service(const std::string& capture) {
    configure(capture);
    start();
  }
  void configure(const std::string& capture) const { testing::write_file(folder / "run.toml", capture + kParties); }
  void start() {
    manager.start({TAPESTRY_PROGRAM, "run", "--config", folder / "run.toml", "--out", folder / "out"},
                  folder / "run.log");
    CHECK(manager.wait_for("READY=1"));
  }
  [[nodiscard]] std::string log() const { return testing::read_file(folder / "run.log"); }

  testing::TemporaryFolder folder;
  testing::ServiceManager manager{folder.path()};
};

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// Of each start its name's beginning: `ring-tstC-0`.
std::vector<std::string> rings_of(const std::vector<std::string>& names) {
  std::vector<std::string> rings;
  for (const std::string& name : names) rings.push_back(name.substr(0, name.rfind('-')));
  return rings;
}

}  // namespace

TEST_CASE("a recorder that is killed five times in a call gives the very files that its capture gives in replay") {
  testing::with_cable([] {
    const FixedNow fixed;
    Service service("[[capture]]\ninterface = \"tstC\"\nring_mb = 128\nrings = 2\nblock_ms = 200\n");
    // Nobody reads this ring before the end: it holds the whole call, a block for each block time.
    capture::InterfaceSource second(
        {.ring = {.interface = "tstC", .bytes = 64U << 20U, .block_time = milliseconds(100)}});
    const auto frames = testing::frames_of(short_call());
    std::jthread call([&] { testing::send_frames("tstA", frames); });
    for (int n = 0; n < 5; ++n) {
      std::this_thread::sleep_for(milliseconds(500));
      CHECK(service.manager.stop(SIGKILL) == -1);
      CHECK(rings_of(service.manager.kept()) == std::vector<std::string>{"ring-tstC-0", "ring-tstC-1"});
      service.start();
    }
    call.join();
    std::this_thread::sleep_for(milliseconds(700));
    CHECK(service.manager.stop(SIGTERM) == 0);
    INFO(service.log());
    CHECK(times(service.log(), "tstC goes on with the ring that a process before left, with ") == 5);
    CHECK_THAT(service.log(), Contains(" packets, 0 dropped"));
    save(second, service.folder / "same.pcap");
    const auto live = made_below(service.folder / "out");
    CHECK(live.size() == 2);
    CHECK(live == made_by_replay(service.folder / "same.pcap", service.folder / "replayed"));
    service.start();
    CHECK(service.manager.stop(SIGTERM) == 0);
    CHECK_THAT(service.log(), Contains("a process before left, with 0 packets"));
    CHECK(made_below(service.folder / "out") == live);
  });
}

TEST_CASE("rings that were made otherwise are forgotten, and so are those of an interface that went away") {
  testing::with_cable([] {
    Service service("[[capture]]\ninterface = \"tstC\"\nring_mb = 8\n");
    const auto first = service.manager.kept();
    REQUIRE(first.size() == 1);
    CHECK(service.manager.stop(SIGKILL) == -1);
    service.configure("[[capture]]\ninterface = \"tstC\"\nring_mb = 16\n");
    service.start();
    const auto next = service.manager.kept();
    REQUIRE(next.size() == 1);
    CHECK(next != first);
    REQUIRE(testing::ip("link del tstA"));
    REQUIRE(service.manager.wait_for("FDSTOREREMOVE=1\nFDNAME=" + next[0]));
    CHECK(service.manager.kept().empty());
    REQUIRE(testing::make_cable("tstA", "tstC"));
    for (int n = 0; n < 1200 && service.manager.kept().empty(); ++n) std::this_thread::sleep_for(milliseconds(50));
    CHECK(service.manager.kept() == next);
    CHECK(service.manager.stop(SIGTERM) == 0);
    INFO(service.log());
    CHECK(times(service.log(), "goes on with the ring") == 0);
  });
}

TEST_CASE("without a service manager nothing is kept in rings") {
  testing::with_cable([] {
    const testing::TemporaryFolder folder;
    service::DescriptorStore store;
    REQUIRE_FALSE(store.is_there());
    CaptureSettings settings;
    settings.interfaces.push_back({.ring = {.interface = "tstC", .bytes = 4U << 20U, .block_time = milliseconds(10)}});
    LiveCaptures captures(settings, folder.path(), &store);
    testing::send_frames("tstA", testing::frames_of(short_call()), 10);
    std::this_thread::sleep_for(milliseconds(50));
    std::uint64_t frames = 0;
    captures.begin_turn();
    for (capture::Frame frame; captures.next(frame);) ++frames;
    CHECK(frames > 100);
    const auto began = std::chrono::steady_clock::now();
    captures.wait(milliseconds(200), {});
    CHECK(std::chrono::steady_clock::now() - began >= milliseconds(190));
  });
}

}  // namespace tapestry::app
