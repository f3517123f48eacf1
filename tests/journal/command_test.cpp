// Pauses that somebody commanded are in the log as they were given, and as they were changed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "calls/pause_command.h"
#include "tests/journal/taped.h"
#include "tests/support/scenes/scenes.h"

using namespace tapestry;
using namespace tapestry::testing;
using namespace std::chrono_literals;

namespace {

calls::PauseCommand pause_of_first(std::optional<Duration> longest) {
  return {.number = 1, .by = "test", .longest = longest};
}

/// Commands come that long after the first frame. The capturing side dies at `killed`, and another one goes on.
Collected commanded(const scenes::Scene& scene, const app::Config& config,
                    std::map<Duration, calls::PauseCommand> commands, std::optional<Duration> killed) {
  FakeDisk disk;
  std::optional<spool::KeyTable> keys(std::in_place, disk, test_master_key());
  std::optional<LiveSide> live(std::in_place, disk, *keys, config);
  const Time begin = scene.frames.front().time;
  INFO("scene of " << (scene.frames.back().time - begin) / 1ms << " ms");
  for (const TimedFrame& frame : scene.frames) {
    for (auto due = commands.begin(); due != commands.end() && begin + due->first <= frame.time;) {
      CHECK(live->command(due->second).outcome == calls::PauseOutcome::Done);
      due = commands.erase(due);
    }
    live->add(frame);
    if (!killed || frame.time < begin + *killed) continue;
    killed.reset();
    live.reset();
    keys.emplace(disk, test_master_key());
    live.emplace(disk, *keys, config);
  }
  CHECK(commands.empty());
  CHECK_FALSE(killed);
  live->end();
  spool::KeyTable finishing(disk, test_master_key());
  LogSide side(disk, finishing, config);
  while (side.follower.follow(100)) {
  }
  side.follower.finish();
  return std::move(side.collected);
}

bool any_from(const Collected& found, Time from) {
  return std::ranges::any_of(found.arrivals, [from](Time at) { return at >= from; });
}

}  // namespace

TEST_CASE("A pause that was made longer is as long for the finisher, and behind a kill") {
  const scenes::Scene scene = scene_in_order("transfer_blind");
  const app::Config config = config_of(scene);
  const std::map<Duration, calls::PauseCommand> commands = {{4s, pause_of_first(2s)}, {5s, pause_of_first({})}};
  for (const std::optional<Duration> killed : {std::optional<Duration>{}, std::optional<Duration>{5500ms}}) {
    const Collected found = commanded(scene, config, commands, killed);
    REQUIRE(found.pauses.size() == 1);
    CHECK(any_from(found, scene.frames.front().time));
    CHECK_FALSE(any_from(found, scene.frames.front().time + 4100ms));
  }
}

TEST_CASE("A pause that was made longer by a time ends after that, behind a kill too") {
  const scenes::Scene scene = scene_in_order("transfer_blind");
  const app::Config config = config_of(scene);
  const std::map<Duration, calls::PauseCommand> commands = {{4s, pause_of_first(1s)}, {4500ms, pause_of_first(3s)}};
  for (const std::optional<Duration> killed : {std::optional<Duration>{}, std::optional<Duration>{4900ms}}) {
    const Collected found = commanded(scene, config, commands, killed);
    REQUIRE(found.pauses.size() == 1);
    CHECK(found.pauses.front().end - found.pauses.front().start >= 3400ms);
    CHECK(found.pauses.front().end - found.pauses.front().start <= 3600ms);
  }
}

TEST_CASE("A pause of media without signalling goes on behind a kill, and the finisher knows it") {
  scenes::Scene scene = scene_in_order("session_refresh");
  std::erase_if(scene.frames, [](const TimedFrame& frame) { return as_text(frame.frame).contains("SIP/2.0"); });
  app::Config config = config_of(scene);
  config.rules.record_unsignalled = true;
  config.rules.lookback = 2s;
  const std::map<Duration, calls::PauseCommand> commands = {{6s, pause_of_first({})}};
  for (const std::optional<Duration> killed : {std::optional<Duration>{}, std::optional<Duration>{7500ms}}) {
    const Collected found = commanded(scene, config, commands, killed);
    REQUIRE(found.pauses.size() == 1);
    CHECK(any_from(found, scene.frames.front().time));
    CHECK_FALSE(any_from(found, scene.frames.front().time + 6100ms));
  }
}
