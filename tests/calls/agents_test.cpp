#include "calls/agents.h"

#include <catch2/catch.hpp>

#include "calls/people.h"
#include "tests/calls/legs.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Role;
using calls::Side;

namespace {

const Who kCustomer{.user = "+12025550101", .ip = "203.0.113.10", .role = Role::Customer};
const Who kQueue{.user = "queue1", .ip = "10.2.0.7", .role = Role::Bot};

Who agent(int number) {
  const std::string digit = std::to_string(number);
  return {.user = "100" + digit, .ip = "10.1.0.2" + digit, .role = Role::Agent, .internal = true};
}

/// User parts of who gets recordings.
std::vector<std::string> agents(Legs& legs) {
  const auto parties = calls::find_parties(legs.all(), legs.links());
  std::vector<std::string> users;
  for (const std::size_t party : calls::agents_of(legs.all(), parties)) {
    const std::string& uri = parties[party].uri;
    users.push_back(uri.substr(4, uri.find('@') - 4));
  }
  return users;
}

using Users = std::vector<std::string>;

}  // namespace

TEST_CASE("agents have recordings in order of their first calls, of two in one the called one first") {
  Legs legs;
  legs.add({.id = "1", .caller = agent(2), .callee = agent(1), .begin = 1, .answered = 2, .end = 9});
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 2, .answered = 3, .end = 9});
  legs.add({.id = "3", .caller = kCustomer, .callee = agent(3), .begin = 4, .end = 5});
  CHECK(agents(legs) == Users{"1001", "1002"});
}

TEST_CASE("without an agent a machine that the customer spoke with has the recording, of customers alone the caller") {
  Legs machine;
  machine.add({.id = "1", .caller = kCustomer, .callee = kQueue, .begin = 1, .answered = 2, .end = 9});
  CHECK(agents(machine) == Users{"queue1"});
  Legs two;
  Who other = kCustomer;
  other.user = "+12025550177";
  two.add({.id = "1", .caller = kCustomer, .callee = other, .begin = 1, .answered = 2, .end = 9});
  CHECK(agents(two) == Users{"+12025550101"});
}

TEST_CASE("who only listens to other agents has none, unless there is a call in which to speak") {
  Legs legs;
  legs.add({.id = "1", .caller = agent(1), .callee = agent(2), .begin = 1, .answered = 2, .end = 9});
  legs.add({.id = "2", .caller = agent(1), .callee = agent(3), .begin = 1, .answered = 2, .end = 9});
  legs.call(0).listener = legs.call(1).listener = Side::Callee;
  CHECK(agents(legs) == Users{"1001"});
  legs.add({.id = "3", .caller = kCustomer, .callee = agent(3), .begin = 10, .answered = 12, .end = 19});
  CHECK(agents(legs) == Users{"1001", "1003"});
}

TEST_CASE("who listens to a customer in a conference has a recording") {
  Legs legs;
  const Who room{.user = "conf88", .ip = "10.2.0.8"};
  legs.add({.id = "a", .caller = agent(1), .callee = room, .begin = 1, .answered = 2, .end = 20, .focus = "conf88"});
  legs.add({.id = "b", .caller = agent(2), .callee = room, .begin = 2, .answered = 3, .end = 20, .focus = "conf88"});
  legs.call(1).listener = Side::Caller;
  CHECK(agents(legs) == Users{"1001"});
  legs.add({.id = "c", .caller = kCustomer, .callee = room, .begin = 3, .answered = 4, .end = 20, .focus = "conf88"});
  CHECK(agents(legs) == Users{"1001", "1002"});
}

TEST_CASE("a party's calls are grouped by time, one that lies inside another ends no group") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 50});
  legs.add({.id = "2", .caller = agent(1), .callee = agent(2), .begin = 3, .answered = 4, .end = 6});
  legs.add({.id = "3", .caller = kCustomer, .callee = agent(1), .begin = 50, .answered = 80, .end = 90});
  legs.add({.id = "4", .caller = kCustomer, .callee = agent(1), .begin = 91, .answered = 121, .end = 130});
  const auto parties = calls::find_parties(legs.all(), legs.links());
  const auto groups = calls::calls_of(legs.all(), party_of(parties, "1001"), std::chrono::seconds(30));
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].size() == 3);
  CHECK(groups[0][1].leg == 1);
  CHECK(groups[0][1].side == Side::Caller);
  CHECK(groups[1].front().leg == 3);
}
