#include "calls/recording_gaps.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/calls/legs.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Side;

TEST_CASE("holds of either side, time between two calls and video are gaps, in order of time") {
  const Who agent{.user = "1001", .ip = "10.1.0.21"};
  const Who customer{.user = "+12025550101", .ip = "10.9.0.10"};
  Legs legs;
  legs.add({.id = "a", .caller = customer, .callee = agent, .begin = 1, .answered = 2, .end = 10});
  legs.add({.id = "b", .caller = customer, .callee = agent, .begin = 12, .answered = 13, .end = 20});
  legs.hold(0, Side::Callee, 4, 6);
  legs.hold(1, Side::Caller, 15, 16);
  legs.media(0, Side::Caller, 2, 5, "video");
  const std::vector<calls::Track> tracks = legs.tracks();
  const std::vector<calls::OwnLeg> own{{.leg = 0, .side = Side::Callee}, {.leg = 1, .side = Side::Callee}};
  const auto listed = [&](bool keep) {
    calls::RecordingPlan recording;
    calls::add_gaps(legs.all(), own, tracks, keep, recording);
    std::vector<std::string> list;
    for (const calls::Gap& gap : recording.gaps)
      list.push_back(fmt::format("{} {:.0f}-{:.0f} on {}", to_string(gap.reason), scene_seconds(gap.start),
                                 scene_seconds(gap.end), gap.channels.size()));
    return list;
  };
  CHECK(listed(false) == std::vector<std::string>{"video-not-recorded 2-5 on 0", "hold 4-6 on 2", "inactive 10-13 on 2",
                                                  "hold 15-16 on 1"});
  CHECK(listed(true) == std::vector<std::string>{"video-not-recorded 2-5 on 0", "inactive 10-13 on 2"});
}
