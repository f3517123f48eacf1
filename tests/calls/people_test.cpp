#include "calls/people.h"
#include "calls/presence.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/calls/legs.h"
#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::LinkKind;
using calls::Role;
using calls::Side;

namespace {

const Who kCustomer{.user = "+12025550101", .ip = "203.0.113.10"};
const Who kOther{.user = "+12025550177", .ip = "203.0.113.10"};
const Who kPbx{.user = "+18005550100", .ip = "10.2.0.5"};
const Who kRoom{.user = "conf88", .ip = "10.2.0.8"};

Who agent(int number) {
  const std::string digit = std::to_string(number);
  return {.user = "100" + digit, .ip = "10.1.0.2" + digit, .internal = true};
}

/// The same person, from the PBX's address.
Who at_pbx(Who who) {
  who.ip = kPbx.ip;
  who.internal = false;
  return who;
}

Role role_of(const std::vector<calls::Party>& parties, const Who& who) {
  return parties[party_of(parties, who.user)].role;
}

/// `user from-to`, of each.
std::vector<std::string> told(const std::vector<calls::Presence>& list, const std::vector<calls::Party>& parties) {
  std::vector<std::string> lines;
  for (const calls::Presence& one : list) {
    const std::string& uri = parties[one.party].uri;
    const auto second = [](Time time) { return std::to_string(std::lround(scene_seconds(time))); };
    lines.push_back(uri.substr(4, uri.find('@') - 4) + " " + second(one.when.start) + "-" + second(one.when.end));
  }
  return lines;
}

using Lines = std::vector<std::string>;

/// A customer's call to a PBX, which calls agent 1 for it.
Legs behind_pbx() {
  Legs legs;
  legs.add({.id = "in", .caller = kCustomer, .callee = kPbx, .begin = 1, .answered = 3, .end = 20});
  legs.add({.id = "out", .caller = at_pbx(kCustomer), .callee = agent(1), .begin = 1.5, .answered = 2.9, .end = 20});
  return legs;
}

}  // namespace

TEST_CASE("of a single call who is inside is the agent, in both directions") {
  Legs in;
  in.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 9});
  const auto inbound = calls::find_parties(in.all(), {});
  CHECK(role_of(inbound, kCustomer) == Role::Customer);
  CHECK(role_of(inbound, agent(1)) == Role::Agent);
  Legs out;
  out.add({.id = "1", .caller = agent(1), .callee = kCustomer, .begin = 1, .answered = 2, .end = 9});
  const auto outbound = calls::find_parties(out.all(), {});
  CHECK(role_of(outbound, kCustomer) == Role::Customer);
  CHECK(role_of(outbound, agent(1)) == Role::Agent);
}

TEST_CASE("of a single call among strangers, or inside, the called party is the agent") {
  for (const bool inside : {false, true}) {
    Legs legs;
    Who caller = inside ? agent(1) : kCustomer;
    Who callee = inside ? agent(2) : kOther;
    legs.add({.id = "1", .caller = caller, .callee = callee, .begin = 1, .answered = 2, .end = 9});
    const auto parties = calls::find_parties(legs.all(), {});
    CHECK(role_of(parties, caller) == Role::Customer);
    CHECK(role_of(parties, callee) == Role::Agent);
  }
}

TEST_CASE("what the party table says of one end of a single call tells of the other") {
  for (const auto& [known, other] :
       {std::pair(Role::Bot, Role::Customer), std::pair(Role::Agent, Role::Customer),
        std::pair(Role::Supervisor, Role::Customer), std::pair(Role::Customer, Role::Agent),
        std::pair(Role::Thirdparty, Role::Agent)}) {
    for (const bool caller_known : {true, false}) {
      Who caller = kCustomer;
      Who callee = kOther;
      (caller_known ? caller : callee).role = known;
      Legs legs;
      legs.add({.id = "1", .caller = caller, .callee = callee, .begin = 1, .answered = 2, .end = 9});
      const auto parties = calls::find_parties(legs.all(), {});
      CHECK(role_of(parties, caller_known ? caller : callee) == known);
      CHECK(role_of(parties, caller_known ? callee : caller) == other);
    }
  }
}

TEST_CASE("both ends of one call are two parties though they have one name") {
  Legs legs;
  Who twin = kCustomer;
  twin.ip = "203.0.113.11";
  legs.add({.id = "1", .caller = kCustomer, .callee = twin, .begin = 1, .answered = 2, .end = 9});
  CHECK(calls::find_parties(legs.all(), {}).size() == 2);
}

TEST_CASE("a PBX that answers one leg and places the other is no party, each end's other is behind it") {
  Legs legs = behind_pbx();
  legs.link(0, 1, LinkKind::Key);
  const auto parties = calls::find_parties(legs.all(), legs.links());
  REQUIRE(parties.size() == 2);
  CHECK(role_of(parties, kCustomer) == Role::Customer);
  CHECK(role_of(parties, agent(1)) == Role::Agent);
  CHECK(told(calls::behind(legs.all(), 0, Side::Callee), parties) == Lines{"1001 3-20"});
  CHECK(told(calls::behind(legs.all(), 1, Side::Caller), parties) == Lines{"+12025550101 3-20"});
  CHECK(told(calls::behind(legs.all(), 0, Side::Caller), parties) == Lines{"+12025550101 3-20"});
}

TEST_CASE("a host is a bridge by evidence only: a REFER, or a proximity that joined nothing, is none") {
  const auto parties_with = [](LinkKind kind, bool joined) {
    Legs legs = behind_pbx();
    legs.link(0, 1, kind);
    std::vector<calls::Link> links = legs.links();
    links.front().joined = joined;
    return calls::find_parties(legs.all(), links).size();
  };
  for (const LinkKind kind : {LinkKind::Key, LinkKind::CallId, LinkKind::SharedMedia, LinkKind::RelayedMedia})
    CHECK(parties_with(kind, true) == 2);
  CHECK(parties_with(LinkKind::Proximity, true) == 2);
  CHECK(parties_with(LinkKind::Proximity, false) == 3);
  for (const LinkKind kind : {LinkKind::Refer, LinkKind::Consultation, LinkKind::LocalMix, LinkKind::Replaces})
    CHECK(parties_with(kind, true) == 3);
}

TEST_CASE("a person's phone is no bridge: who was called and calls somebody is a party, its own media beside it") {
  Legs legs;
  Who phone = agent(1);
  phone.role = Role::Agent;
  legs.add({.id = "in", .caller = kCustomer, .callee = phone, .begin = 1, .answered = 3, .end = 20});
  Who other_name = phone;
  other_name.user = "1009";
  legs.add({.id = "out", .caller = other_name, .callee = agent(2), .begin = 5, .answered = 6, .end = 9});
  legs.link(0, 1, LinkKind::Key);
  const auto claim = [&](std::size_t leg, Side side, const char* at) {
    calls::MediaClaim made;
    made.endpoint = endpoint(at);
    made.side = side;
    legs.call(leg).claims.push_back(made);
  };
  claim(0, Side::Callee, "10.1.0.21:4000");
  claim(1, Side::Caller, "10.1.0.21:4002");
  CHECK(calls::find_parties(legs.all(), legs.links()).size() == 4);
  // Media elsewhere: a host that hands on what a phone sends.
  Legs host;
  host.add({.id = "in", .caller = kCustomer, .callee = phone, .begin = 1, .answered = 3, .end = 20});
  host.add({.id = "out", .caller = other_name, .callee = agent(2), .begin = 5, .answered = 6, .end = 9});
  host.link(0, 1, LinkKind::Key);
  calls::MediaClaim elsewhere;
  elsewhere.endpoint = endpoint("10.1.0.99:4000");
  elsewhere.side = Side::Callee;
  host.call(0).claims = {elsewhere};
  elsewhere.side = Side::Caller;
  host.call(1).claims = {elsewhere};
  CHECK(calls::find_parties(host.all(), host.links()).size() == 2);
}

TEST_CASE("two calls that one host placed itself are bridged by their media alone") {
  const auto parties_with = [](LinkKind kind) {
    Legs legs;
    legs.add({.id = "one", .caller = at_pbx(kCustomer), .callee = agent(1), .begin = 1, .answered = 3, .end = 20});
    legs.add({.id = "two", .caller = at_pbx(agent(1)), .callee = kOther, .begin = 2, .answered = 4, .end = 20});
    legs.link(0, 1, kind);
    return calls::find_parties(legs.all(), legs.links()).size();
  };
  CHECK(parties_with(LinkKind::SharedMedia) == 2);
  CHECK(parties_with(LinkKind::Key) == 4 - 1);  // agent 1 is told by both legs
}

TEST_CASE("legs that were never up at one time have no bridge") {
  Legs legs;
  legs.add({.id = "in", .caller = kCustomer, .callee = kPbx, .begin = 1, .answered = 3, .end = 10});
  legs.add({.id = "out", .caller = at_pbx(kCustomer), .callee = agent(1), .begin = 11, .answered = 12, .end = 20});
  legs.link(0, 1, LinkKind::Key);
  CHECK(calls::find_parties(legs.all(), legs.links()).size() == 3);
}

TEST_CASE("several who call one name at one time that is no phone's are in a conference, whoever they are") {
  Legs legs;
  legs.add({.id = "a", .caller = agent(1), .callee = kRoom, .begin = 1, .answered = 2, .end = 20});
  legs.add({.id = "c", .caller = kCustomer, .callee = kRoom, .begin = 3, .answered = 4, .end = 15});
  const auto parties = calls::find_parties(legs.all(), {});
  REQUIRE(parties.size() == 2);
  CHECK(told(calls::behind(legs.all(), 0, Side::Callee), parties) == Lines{"+12025550101 4-15"});
  CHECK(told(calls::behind(legs.all(), 1, Side::Callee), parties) == Lines{"1001 4-15"});
}

TEST_CASE("one after the other, or at somebody's phone, they are in no conference") {
  const auto parties_of = [](double second, const Who& called) {
    Legs legs;
    legs.add({.id = "a", .caller = agent(1), .callee = called, .begin = 1, .answered = 2, .end = 10});
    legs.add({.id = "c", .caller = kCustomer, .callee = called, .begin = second, .answered = second + 1, .end = 30});
    return calls::find_parties(legs.all(), {}).size();
  };
  CHECK(parties_of(3, kRoom) == 2);
  CHECK(parties_of(12, kRoom) == 3);
  CHECK(parties_of(3, agent(3)) == 3);
  Who bot = kRoom;
  bot.role = Role::Bot;
  CHECK(parties_of(3, bot) == 3);
}

TEST_CASE("a call that takes another's place at its phone makes no conference of both") {
  for (const bool replaces : {true, false}) {
    Legs legs;
    legs.add({.id = "consult", .caller = agent(1), .callee = kRoom, .begin = 1, .answered = 2, .end = 10});
    legs.add({.id = "c", .caller = kCustomer, .callee = kRoom, .begin = 9, .answered = 9.5, .end = 30});
    calls::Reference reference;
    reference.dialog.call_id = "consult";
    if (replaces) legs.call(1).references.push_back(reference);
    CHECK(calls::find_parties(legs.all(), {}).size() == (replaces ? 3 : 2));
  }
}

TEST_CASE("a focus is a mixer for those in the same room only") {
  Legs legs;
  legs.add({.id = "a", .caller = agent(1), .callee = kRoom, .begin = 1, .answered = 2, .end = 20, .focus = "conf88"});
  legs.add({.id = "c", .caller = kCustomer, .callee = kRoom, .begin = 3, .answered = 4, .end = 15, .focus = "conf88"});
  legs.add({.id = "o", .caller = kOther, .callee = kRoom, .begin = 3, .answered = 4, .end = 15, .focus = "conf99"});
  const auto parties = calls::find_parties(legs.all(), {});
  REQUIRE(parties.size() == 3);
  CHECK(told(calls::behind(legs.all(), 0, Side::Callee), parties) == Lines{"+12025550101 4-15"});
  CHECK(calls::behind(legs.all(), 2, Side::Callee).empty());
}

TEST_CASE("one number is one party, however it is written, what a later leg knows is added") {
  Legs legs;
  Who again = kCustomer;
  again.user = "2025550101";
  again.ip = "203.0.113.99";
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 9});
  legs.add({.id = "2", .caller = again, .callee = agent(2), .begin = 10, .answered = 11, .end = 19});
  legs.all()[1].standing[0].party.name = "Morgan";
  const auto parties = calls::find_parties(legs.all(), {});
  REQUIRE(parties.size() == 3);
  CHECK(parties[party_of(parties, kCustomer.user)].name == "Morgan");
  CHECK(legs.all()[0].party[0] == legs.all()[1].party[0]);
}

TEST_CASE("a configured uuid makes one party of two names, and two of one name") {
  Legs one;
  one.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 9});
  one.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 10, .answered = 11, .end = 19});
  for (calls::Leg& leg : one.all()) leg.standing[1].party.uuid = "a";
  CHECK(calls::find_parties(one.all(), {}).size() == 2);
  Legs two;
  two.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 9});
  two.add({.id = "2", .caller = kCustomer, .callee = agent(1), .begin = 10, .answered = 11, .end = 19});
  two.all()[0].standing[1].party.uuid = "a";
  two.all()[1].standing[1].party.uuid = "b";
  CHECK(calls::find_parties(two.all(), {}).size() == 3);
}

TEST_CASE("who is inside and only spoke with agents is an sme, others outside are third parties") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 30});
  legs.add({.id = "2", .caller = agent(1), .callee = agent(2), .begin = 10, .answered = 11, .end = 19});
  legs.add({.id = "3", .caller = agent(1), .callee = kOther, .begin = 20, .answered = 21, .end = 25});
  const auto parties = calls::find_parties(legs.all(), {});
  CHECK(role_of(parties, kCustomer) == Role::Customer);
  CHECK(role_of(parties, agent(1)) == Role::Agent);
  CHECK(role_of(parties, agent(2)) == Role::Sme);
  CHECK(role_of(parties, kOther) == Role::Thirdparty);
}

TEST_CASE("whom the customer was handed to is an agent, no sme") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 20});
  legs.add({.id = "2", .caller = agent(1), .callee = agent(2), .begin = 10, .answered = 11, .end = 19});
  legs.add({.id = "3", .caller = kCustomer, .callee = agent(2), .begin = 19, .answered = 20, .end = 30});
  const auto parties = calls::find_parties(legs.all(), {});
  CHECK(role_of(parties, agent(2)) == Role::Agent);
}

TEST_CASE("without anybody inside whoever spoke with the customer is an agent") {
  Legs legs;
  Who one = kOther;
  Who two = kOther;
  two.user = "+12025550188";
  legs.add({.id = "1", .caller = kCustomer, .callee = one, .begin = 1, .answered = 2, .end = 20});
  legs.add({.id = "2", .caller = kCustomer, .callee = two, .begin = 21, .answered = 22, .end = 30});
  const auto parties = calls::find_parties(legs.all(), {});
  CHECK(role_of(parties, one) == Role::Agent);
  CHECK(role_of(parties, two) == Role::Agent);
}

TEST_CASE("a phone whose call another one took, or which rang in vain beside others, is no party") {
  const auto parties_with = [](auto&& change) {
    Legs legs;
    legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .end = 5});
    legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 4, .answered = 5, .end = 20});
    change(legs);
    return calls::find_parties(legs.all(), legs.links()).size();
  };
  CHECK(parties_with([](Legs&) {}) == 3);
  CHECK(parties_with([](Legs& legs) { legs.call(0).completed_elsewhere = true; }) == 2);
  CHECK(parties_with([](Legs& legs) {
          calls::Reference reference;
          reference.dialog.call_id = "1";
          legs.call(1).references = {reference};
        }) == 2);
  CHECK(parties_with([](Legs& legs) {
          calls::Reference reference{.kind = LinkKind::Join, .dialog = {}, .time = {}};
          reference.dialog.call_id = "1";
          legs.call(1).references = {reference};
        }) == 3);
}

TEST_CASE("of a PBX's several calls those that it cancelled are left out once one was answered") {
  Legs legs;
  legs.add({.id = "in", .caller = kCustomer, .callee = kPbx, .begin = 1, .answered = 5, .end = 20});
  legs.add({.id = "a", .caller = at_pbx(kCustomer), .callee = agent(1), .begin = 1.5, .end = 5});
  legs.add({.id = "b", .caller = at_pbx(kCustomer), .callee = agent(2), .begin = 1.6, .answered = 5, .end = 20});
  legs.call(1).cancelled = scene_time(5);
  legs.link(0, 1, LinkKind::Key);
  legs.link(0, 2, LinkKind::Key);
  const auto parties = calls::find_parties(legs.all(), legs.links());
  CHECK(parties.size() == 2);
  CHECK(legs.all()[1].left_out);
  CHECK(legs.all()[1].party[1] == calls::kNoParty);
}

TEST_CASE("a robot that connects others is a party all the same") {
  Legs legs;
  Who robot = kPbx;
  robot.role = Role::Bot;
  legs.add({.id = "in", .caller = kCustomer, .callee = robot, .begin = 1, .answered = 3, .end = 20});
  legs.add({.id = "out", .caller = at_pbx(kCustomer), .callee = agent(1), .begin = 5, .answered = 6, .end = 20});
  legs.link(0, 1, LinkKind::Key);
  const auto parties = calls::find_parties(legs.all(), legs.links());
  CHECK(role_of(parties, robot) == Role::Bot);
}

TEST_CASE("presences of one party that touch within a second are one, others stay apart") {
  const auto at = [](std::size_t party, double from, double to) {
    return calls::Presence{party, {scene_time(from), scene_time(to)}};
  };
  const auto list = calls::joined({at(1, 8, 9), at(0, 6, 9), at(0, 1, 5), at(1, 1, 4), at(0, 2, 3)});
  REQUIRE(list.size() == 3);
  CHECK(list[0].party == 0);
  CHECK(scene_seconds(list[0].when.start) == Approx(1));
  CHECK(scene_seconds(list[0].when.end) == Approx(9));
  CHECK(list[1].party == 1);
  CHECK(scene_seconds(list[1].when.end) == Approx(4));
  CHECK(scene_seconds(list[2].when.start) == Approx(8));
}

TEST_CASE("a focus that calls its participants is nobody, and a phone that is one stays somebody") {
  Legs legs;
  legs.add(
      {.id = "a", .caller = kRoom, .callee = agent(1), .begin = 1, .answered = 2, .end = 20, .focus = "sip:conf88@x"});
  legs.add(
      {.id = "c", .caller = kRoom, .callee = kCustomer, .begin = 3, .answered = 4, .end = 15, .focus = "sip:conf88@x"});
  for (const std::size_t leg : {0U, 1U}) legs.call(leg).focus_side = Side::Caller;
  const auto parties = calls::find_parties(legs.all(), {});
  REQUIRE(parties.size() == 2);
  CHECK(told(calls::behind(legs.all(), 0, Side::Caller), parties) == Lines{"+12025550101 4-15"});
  Legs phone;
  Who first = agent(1);
  first.role = Role::Agent;
  phone.add(
      {.id = "a", .caller = kCustomer, .callee = first, .begin = 1, .answered = 2, .end = 20, .focus = "sip:1001@x"});
  phone.add(
      {.id = "b", .caller = first, .callee = agent(2), .begin = 3, .answered = 4, .end = 15, .focus = "sip:1001@x"});
  phone.call(1).focus_side = Side::Caller;
  CHECK(calls::find_parties(phone.all(), {}).size() == 3);
}
