// Commands that are given to the recorder itself.
#include "calls/pause_command.h"

#include <catch2/catch.hpp>

#include "tests/calls/marked_call.h"

using namespace tapestry;
using namespace tapestry::testing;
using namespace std::chrono_literals;
using calls::PauseCommand;
using calls::PauseEnd;
using calls::PauseOutcome;
using pause::Action;

namespace {

constexpr const char* kAgentUser = "1001";

/// A call of 20 s, of which the first 8 were played.
struct Running {
  Running() : scene(rules()) {
    simple_call(scene, 20);
    scene.play_until(8);
  }
  calls::PauseAnswer give(const PauseCommand& command) { return scene.correlator.command(command); }
  Scene scene;
};

/// Its only pause, in seconds of the scene; commands hold from the last tick on.
void check_pause(const Scene& scene, double from, double to) {
  const auto all = pauses_of(scene);
  REQUIRE(all.size() == 1);
  CHECK(all.front().first == Approx(from).margin(0.15));
  CHECK(all.front().second == Approx(to).margin(0.15));
}

}  // namespace

TEST_CASE("a command names calls by agent, Call-ID or conversation") {
  Running running;
  const std::uint64_t number = running.scene.correlator.live({}).conversations.at(0).number;
  for (const PauseCommand& command :
       {PauseCommand{.agent = kAgentUser}, PauseCommand{.agent = "sip:1001@pbx.example.com"},
        PauseCommand{.call_id = "call-1"}, PauseCommand{.number = number}}) {
    const calls::PauseAnswer answer = running.give(command);
    CHECK(answer.effective);
    CHECK(answer.outcome == PauseOutcome::Done);
    CHECK(answer.call_ids == std::vector<std::string>{"call-1"});
    CHECK(scene_seconds(answer.since) == Approx(8).margin(0.15));
  }
  for (const PauseCommand& command :
       {PauseCommand{.agent = "1002"}, PauseCommand{.call_id = "call-2"}, PauseCommand{.number = number + 1},
        PauseCommand{.interaction_id = "x"}, PauseCommand{.interaction_id = std::to_string(number)}, PauseCommand{}}) {
    CHECK(running.give(command).outcome == PauseOutcome::NoSuchCall);
  }
}

TEST_CASE("a request id stands for one command: the same again changes nothing, another one is refused") {
  Running running;
  const PauseCommand pause{.id = "r1", .agent = kAgentUser, .by = "desk"};
  const calls::PauseAnswer first = running.give(pause);
  running.scene.play_until(9);
  CHECK(running.give(pause).since == first.since);
  PauseCommand other = pause;
  other.action = Action::Resume;
  CHECK(running.give(other).outcome == PauseOutcome::OtherRequest);
  CHECK(running.scene.correlator.live_counts().paused == 1);
  CHECK(running.scene.markers.size() == 1);
}

TEST_CASE("a command that found no call may find one when it is given again") {
  Scene scene(rules());
  simple_call(scene, 20);
  const PauseCommand pause{.id = "r1", .agent = kAgentUser};
  CHECK(scene.correlator.command(pause).outcome == PauseOutcome::NoSuchCall);
  scene.play_until(8);
  CHECK(scene.correlator.command(pause).effective);
}

TEST_CASE("a command with a time ends by itself, and of two the later end counts") {
  Running running;
  CHECK(running.give({.agent = kAgentUser, .longest = 2s}).effective);
  CHECK(running.give({.agent = kAgentUser, .longest = 1s}).effective);
  running.scene.play_until(9);
  CHECK(running.give({.agent = kAgentUser, .longest = 4s}).effective);
  running.scene.play();
  check_pause(running.scene, 8, 13);
  CHECK(running.scene.interactions.front().pauses.front().how == PauseEnd::Timeout);
}

TEST_CASE("a command without a time makes one that has a time last until it is resumed") {
  Running running;
  CHECK(running.give({.agent = kAgentUser, .longest = 2s}).effective);
  CHECK(running.give({.agent = kAgentUser}).effective);
  running.scene.play_until(15);
  CHECK(running.give({.action = Action::Resume, .agent = kAgentUser}).effective);
  running.scene.play();
  check_pause(running.scene, 8, 15);
}

TEST_CASE("a resume says when a marker keeps the conversation paused") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 7, "off", 1);
  scene.play_until(8);
  CHECK(scene.correlator.command({.agent = kAgentUser}).effective);
  const calls::PauseAnswer answer = scene.correlator.command({.action = Action::Resume, .agent = kAgentUser});
  CHECK(answer.outcome == PauseOutcome::StillPaused);
  CHECK_FALSE(answer.effective);
  CHECK(answer.why == "still paused by info-record");
}

TEST_CASE("the pause of a command tells its reason, and the audit log who gave it") {
  Running running;
  CHECK(running.give({.agent = kAgentUser, .by = "desk", .reason = "privacy"}).effective);
  running.scene.play_until(12);
  CHECK(running.give({.action = Action::Resume, .agent = kAgentUser, .by = "lead"}).effective);
  running.scene.play();
  REQUIRE(running.scene.interactions.front().pauses.size() == 1);
  const calls::Pause& pause = running.scene.interactions.front().pauses.front();
  CHECK(pause.reason == "privacy");
  CHECK(pause.opened.from == "desk");
  REQUIRE(pause.closed);
  CHECK(pause.closed->from == "lead");
  REQUIRE(running.scene.markers.size() == 2);
  CHECK(running.scene.markers.front().from == "desk");
  CHECK(running.scene.markers.back().action == "resume");
}

TEST_CASE("what waits to be handled when a resume is given belongs to the pause") {
  Running running;
  CHECK(running.give({.agent = kAgentUser}).effective);
  running.scene.play_until(12);
  PauseCommand resume{.action = Action::Resume, .agent = kAgentUser};
  resume.given = scene_time(13);
  CHECK(running.give(resume).since == scene_time(13));
  running.scene.play();
  check_pause(running.scene, 8, 13);
}

TEST_CASE("a resume that is given minutes ahead of packet time, as between two files of a folder, waits for it") {
  Running running;
  CHECK(running.give({.agent = kAgentUser}).effective);
  running.scene.play_until(9);
  PauseCommand resume{.action = Action::Resume, .agent = kAgentUser};
  resume.given = scene_time(9) + 5min;
  CHECK(running.give(resume).since == scene_time(9) + 5min);
  running.scene.play();
  REQUIRE(running.scene.interactions.front().pauses.size() == 1);
  CHECK(running.scene.interactions.front().pauses.front().end >= running.scene.interactions.front().end);
}

TEST_CASE("a wall clock that is not the capture's says nothing of a resume") {
  Running running;
  CHECK(running.give({.agent = kAgentUser}).effective);
  running.scene.play_until(12);
  PauseCommand resume{.action = Action::Resume, .agent = kAgentUser};
  resume.given = scene_time(12) + 24h;
  CHECK(running.give(resume).effective);
  running.scene.play();
  check_pause(running.scene, 8, 12);
}
