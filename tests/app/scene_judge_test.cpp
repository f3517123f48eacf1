// The judge of scenes: what is wrong, it says.
#include "tests/app/scene_judge.h"

#include <catch2/catch.hpp>
#include <functional>

#include "tests/app/scene_run.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/scenes.h"

using namespace tapestry;
using Catch::Matchers::Contains;
using scenes::Conversation;

TEST_CASE("the judge of scenes sees each thing that is not as the truth says") {
  const testing::TemporaryFolder folder;
  const scenes::Scene scene = scenes::scene("held");
  CHECK(testing::record(scene, folder.path()).empty());
  const std::filesystem::path out = folder / "out";
  CHECK(testing::faults_against(scene.truth, out) == std::vector<std::string>{});

  const auto first_fault = [&](const std::function<void(Conversation&)>& lie) {
    scenes::Truth truth = scene.truth;
    lie(truth.conversations.at(0));
    const auto faults = testing::faults_against(truth, out);
    return faults.empty() ? std::string() : faults.front();
  };
  const auto recording = [](Conversation& c) -> scenes::Recording& { return c.recordings.at(0); };
  const std::string agent = "sip:1001@pbx.example.com";
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).at += 1; }), Contains("starts at"));
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).duration += 1; }), Contains("ends at"));
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).channels[0][0].voice = "cust2"; }),
             Contains("correlation"));
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).channels[0][0].voice = "cust+a1"; }),
             Contains("correlation"));
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).channels[1].pop_back(); }), Contains("something audible"));
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).gaps[0].to += 1; }), Contains("no hold gap"));
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).gaps.clear(); }), Contains("never was"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.recordings.clear(); }), Contains("1 recordings more"));
  CHECK_THAT(first_fault([&](Conversation& c) { recording(c).agent = "sip:1002@x"; }), Contains("0 recordings of"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.parties[0].role = "agent"; }),
             Contains("is 'customer', not 'agent'"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.parties[0].uri = "sip:nobody@x"; }), Contains("no party"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.bots = {agent}; }), Contains("of type bot"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.absent = {agent}; }), Contains("a party"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.transfers = {{agent, agent, agent}}; }), Contains("no transfer"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.history[0].at += 1; }), Contains("no party_history hold"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.disposition = "busy"; }), Contains("disposition busy"));
  CHECK_THAT(first_fault([&](Conversation& c) { c.contains = {"needle"}; }), Contains("nowhere"));
}

TEST_CASE("the judge of scenes counts conversations") {
  const testing::TemporaryFolder folder;
  scenes::Scene scene = scenes::scene("incomplete_busy");
  CHECK(testing::record(scene, folder.path()).empty());
  scene.truth.conversations.push_back(scene.truth.conversations.front());
  CHECK(testing::faults_against(scene.truth, folder / "out") == std::vector<std::string>{"1 vCons, not 2"});
}
