#include "calls/history.h"
#include "calls/people.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/calls/legs.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::OwnLeg;
using calls::Role;
using calls::Side;

namespace {

using Lines = std::vector<std::string>;

const Who kCustomer{.user = "+12025550101", .ip = "203.0.113.10", .role = Role::Customer};
const Who kAgent{.user = "1001", .ip = "10.1.0.21", .role = Role::Agent, .internal = true};
const Who kOther{.user = "1002", .ip = "10.1.0.22", .role = Role::Agent, .internal = true};

/// `event user time`, of the recording of the agent whose ends are `own`.
Lines history(Legs& legs, const std::vector<OwnLeg>& own) {
  const auto parties = calls::find_parties(legs.all(), legs.links());
  const std::size_t agent = party_of(parties, "1001");
  const auto others = calls::others_in(legs.all(), own, agent);
  Lines lines;
  for (const calls::PartyEvent& event : calls::history_of(legs.all(), own, agent, others)) {
    const std::string& uri = parties[event.party].uri;
    lines.push_back(fmt::format("{} {} {:.0f}", to_string(event.kind), uri.substr(4, uri.find('@') - 4),
                                scene_seconds(event.time)));
  }
  return lines;
}

}  // namespace

TEST_CASE("both ends of a call join at its answer and drop at its end") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = kAgent, .begin = 1, .answered = 2, .end = 9});
  CHECK(history(legs, {{0, Side::Callee}}) ==
        Lines{"join +12025550101 2", "join 1001 2", "drop +12025550101 9", "drop 1001 9"});
}

TEST_CASE("who is held, and who holds the agent, is told, a hold that ends with the call is never ended") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = kAgent, .begin = 1, .answered = 2, .end = 9});
  legs.hold(0, Side::Callee, 3, 4);
  legs.hold(0, Side::Caller, 5, 6);
  legs.hold(0, Side::Callee, 7, 12);
  CHECK(history(legs, {{0, Side::Callee}}) == Lines{"join +12025550101 2", "join 1001 2", "hold +12025550101 3",
                                                    "unhold +12025550101 4", "hold 1001 5", "unhold 1001 6",
                                                    "hold +12025550101 7", "drop +12025550101 9", "drop 1001 9"});
}

TEST_CASE("an agent's two calls are one presence, the second's other end a party of its own time") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = kAgent, .begin = 1, .answered = 2, .end = 9});
  legs.add({.id = "2", .caller = kAgent, .callee = kOther, .begin = 4, .answered = 5, .end = 12});
  CHECK(history(legs, {{0, Side::Callee}, {1, Side::Caller}}) == Lines{"join +12025550101 2", "join 1001 2",
                                                                       "join 1002 5", "drop +12025550101 9",
                                                                       "drop 1001 12", "drop 1002 12"});
}

TEST_CASE("an agent who was away drops and joins again, but not for a second") {
  const auto events = [](double again) {
    Legs legs;
    legs.add({.id = "1", .caller = kCustomer, .callee = kAgent, .begin = 1, .answered = 2, .end = 9});
    legs.add({.id = "2", .caller = kCustomer, .callee = kAgent, .begin = 9, .answered = again, .end = 20});
    return history(legs, {{0, Side::Callee}, {1, Side::Callee}});
  };
  CHECK(events(10) == Lines{"join +12025550101 2", "join 1001 2", "drop +12025550101 20", "drop 1001 20"});
  CHECK(events(15) == Lines{"join +12025550101 2", "join 1001 2", "drop +12025550101 9", "drop 1001 9",
                            "join +12025550101 15", "join 1001 15", "drop +12025550101 20", "drop 1001 20"});
}

TEST_CASE("of those in a conference whoever is there when the hold begins is held") {
  Legs legs;
  const Who room{.user = "conf88", .ip = "10.2.0.8"};
  legs.add({.id = "a", .caller = kAgent, .callee = room, .begin = 1, .answered = 2, .end = 20, .focus = "conf88"});
  legs.add({.id = "c", .caller = kCustomer, .callee = room, .begin = 2, .answered = 3, .end = 8, .focus = "conf88"});
  legs.add({.id = "o", .caller = kOther, .callee = room, .begin = 9, .answered = 10, .end = 20, .focus = "conf88"});
  legs.hold(0, Side::Caller, 12, 14);
  const Lines told = history(legs, {{0, Side::Caller}});
  CHECK(std::ranges::count(told, "hold 1002 12") == 1);
  CHECK(std::ranges::count(told, "hold +12025550101 12") == 0);
}
