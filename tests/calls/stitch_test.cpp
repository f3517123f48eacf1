#include "calls/stitch.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "calls/people.h"
#include "tests/calls/legs.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::DialogPlan;
using calls::GapReason;
using calls::Role;
using calls::Side;
using calls::Use;

namespace {

using Lines = std::vector<std::string>;

const Who kCustomer{.user = "+12025550101", .ip = "203.0.113.10", .role = Role::Customer};

Who agent(int number) {
  const std::string digit = std::to_string(number);
  return {.user = "100" + digit, .ip = "10.1.0.2" + digit, .role = Role::Agent, .internal = true};
}

Who with(Who who, Role role, const std::string& user, const std::string& ip) {
  who.role = role;
  who.user = user;
  who.ip = ip;
  who.internal = false;
  return who;
}

const Who kPbx = with({}, Role::Unknown, "+18005550100", "10.2.0.5");
const Who kMusic = with({}, Role::Bot, "moh", "10.2.0.9");

/// A conversation that was stitched.
struct Stitched {
  explicit Stitched(Legs& legs, const calls::Rules& rules = {})
      : parties(calls::find_parties(legs.all(), legs.links())),
        tracks(legs.tracks()),
        dialogs(calls::stitch(legs.all(), tracks, parties, rules)) {}

  /// `track from-to` of a channel, tracks counted from 0.
  [[nodiscard]] Lines channel(std::size_t dialog, std::size_t channel) const {
    Lines lines;
    for (const calls::TrackSpan& span : dialogs.at(dialog).recording.at(0).channels.at(channel).spans) {
      lines.push_back(fmt::format("{} {:.2f}-{:.2f}", span.track, scene_seconds(span.from), scene_seconds(span.to)));
    }
    return lines;
  }
  /// `reason from-to channels`.
  [[nodiscard]] Lines gaps(std::size_t dialog) const {
    Lines lines;
    for (const calls::Gap& gap : dialogs.at(dialog).recording.at(0).gaps) {
      std::string channels;
      for (const int one : gap.channels) channels += " " + std::to_string(one);
      lines.push_back(fmt::format("{} {:.0f}-{:.0f}{}", to_string(gap.reason), scene_seconds(gap.start),
                                  scene_seconds(gap.end), channels));
    }
    return lines;
  }
  /// `user from-to` of each dialog.
  [[nodiscard]] Lines recordings() const {
    Lines lines;
    for (const DialogPlan& dialog : dialogs) {
      lines.push_back(
          fmt::format("{} {:.0f}-{:.0f}", name(dialog.agent), scene_seconds(dialog.start), scene_seconds(dialog.end)));
    }
    return lines;
  }
  [[nodiscard]] Lines others(std::size_t dialog) const {
    Lines lines;
    for (const std::size_t party : dialogs.at(dialog).channel_parties.at(0)) lines.push_back(name(party));
    return lines;
  }
  [[nodiscard]] std::string name(std::size_t party) const {
    const std::string& uri = parties.at(party).uri;
    return uri.substr(4, uri.find('@') - 4);
  }

  std::vector<calls::Party> parties;
  std::vector<calls::Track> tracks;
  std::vector<DialogPlan> dialogs;
};

/// A customer's call to agent 1, answered at 2, with both streams (tracks 0 and 1) until 20.
Legs one_call() {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 20});
  legs.media(0, Side::Caller, 2, 20);
  legs.media(0, Side::Callee, 2, 20);
  return legs;
}

}  // namespace

TEST_CASE("a call is one recording of the agent, with the customer on channel 0") {
  Legs legs = one_call();
  const Stitched stitched(legs);
  CHECK(stitched.recordings() == Lines{"1001 2-20"});
  CHECK(stitched.channel(0, 0) == Lines{"0 2.00-20.00"});
  CHECK(stitched.channel(0, 1) == Lines{"1 2.00-20.00"});
  CHECK(stitched.others(0) == Lines{"+12025550101"});
  CHECK(stitched.gaps(0).empty());
  CHECK(stitched.tracks[0].use == Use::Recording);
  CHECK_FALSE(stitched.dialogs[0].originator);
}

TEST_CASE("who called is the originator, where it is not the first who is listed") {
  Legs legs;
  legs.add({.id = "1", .caller = agent(1), .callee = kCustomer, .begin = 1, .answered = 2, .end = 20});
  legs.media(0, Side::Caller, 2, 20);
  const Stitched stitched(legs);
  CHECK(stitched.dialogs.at(0).originator == party_of(stitched.parties, "1001"));
}

TEST_CASE("nobody who was not answered has a recording") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .end = 20});
  CHECK(Stitched(legs).dialogs.empty());
}

TEST_CASE("a call whose media was never seen is a recording without content, and says why") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 20});
  const Stitched stitched(legs);
  REQUIRE(stitched.dialogs.size() == 1);
  CHECK(stitched.dialogs[0].recording.empty());
  REQUIRE(stitched.dialogs[0].gaps.size() == 1);
  CHECK(stitched.dialogs[0].gaps[0].reason == GapReason::NoMedia);
}

TEST_CASE("whom the agent holds is silent on both channels, who holds the agent on the first") {
  Legs legs = one_call();
  legs.hold(0, Side::Callee, 5, 8);
  legs.hold(0, Side::Caller, 12, 14);
  const Stitched stitched(legs);
  CHECK(stitched.channel(0, 0) == Lines{"0 2.00-5.00", "0 8.00-12.00", "0 14.00-20.00"});
  CHECK(stitched.channel(0, 1) == Lines{"1 2.00-5.00", "1 8.00-20.00"});
  CHECK(stitched.gaps(0) == Lines{"hold 5-8 0 1", "hold 12-14 0"});
}

TEST_CASE("with hold audio kept nothing is silenced and no gap is told") {
  Legs legs = one_call();
  legs.hold(0, Side::Callee, 5, 8);
  calls::Rules rules;
  rules.keep_hold_audio = true;
  const Stitched stitched(legs, rules);
  CHECK(stitched.channel(0, 1) == Lines{"1 2.00-20.00"});
  CHECK(stitched.gaps(0).empty());
}

TEST_CASE("a stream that only was there while its sender held is hold music") {
  Legs legs = one_call();
  legs.hold(0, Side::Callee, 5, 8);
  legs.media(0, Side::Callee, 5, 8);
  const Stitched stitched(legs);
  CHECK(stitched.tracks[2].use == Use::HoldMusic);
}

TEST_CASE("a consultation is heard while the customer is held, and the agent is taken from it then") {
  Legs legs = one_call();
  legs.hold(0, Side::Callee, 5, 12);
  legs.add({.id = "2", .caller = agent(1), .callee = agent(2), .begin = 6, .answered = 7, .end = 12});
  legs.media(1, Side::Caller, 7, 12);  // track 2
  legs.media(1, Side::Callee, 7, 12);
  const Stitched stitched(legs);
  CHECK(stitched.recordings() == Lines{"1001 2-20", "1002 7-12"});
  CHECK(stitched.channel(0, 0) == Lines{"0 2.00-5.00", "3 7.00-12.00", "0 12.00-20.00"});
  CHECK(stitched.channel(0, 1) == Lines{"1 2.00-5.00", "2 7.00-12.00", "1 12.00-20.00"});
  CHECK(stitched.channel(1, 0) == Lines{"2 7.00-12.00"});
  CHECK(stitched.channel(1, 1) == Lines{"3 7.00-12.00"});
  CHECK(stitched.gaps(0) == Lines{"hold 5-12 0 1"});
}

TEST_CASE("of a phone's two calls at one time the one with the customer has the agent's channel") {
  Legs legs;
  legs.add({.id = "1", .caller = agent(1), .callee = agent(2), .begin = 1, .answered = 2, .end = 20});
  legs.media(0, Side::Caller, 2, 20);  // 0: what agent 2 gets
  legs.media(0, Side::Callee, 2, 20);
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(1), .begin = 5, .answered = 6, .end = 15});
  legs.media(1, Side::Caller, 6, 15);
  legs.media(1, Side::Callee, 6, 15);  // 3: what the customer gets
  const Stitched stitched(legs);
  const std::size_t first = stitched.name(stitched.dialogs.at(0).agent) == "1001" ? 0 : 1;
  CHECK(stitched.channel(first, 1) == Lines{"0 2.00-6.00", "3 6.00-15.00", "0 15.00-20.00"});
  CHECK(stitched.channel(first, 0) == Lines{"1 2.00-20.00", "2 6.00-15.00"});
  CHECK(stitched.others(first) == Lines{"+12025550101", "1002"});
}

TEST_CASE("an agent who is back within the rejoin gap goes on in the recording, later there is another") {
  const auto twice = [](double again, std::int64_t rejoin) {
    Legs legs;
    legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 10});
    legs.add({.id = "2", .caller = kCustomer, .callee = agent(1), .begin = again - 1, .answered = again, .end = 200});
    legs.media(0, Side::Caller, 2, 10);
    legs.media(1, Side::Caller, again, 200);
    calls::Rules rules;
    rules.rejoin_gap = std::chrono::seconds(rejoin);
    const Stitched stitched(legs, rules);
    return std::pair(stitched.recordings(), stitched.gaps(0));
  };
  CHECK(twice(30, 60) == std::pair(Lines{"1001 2-200"}, Lines{"inactive 10-30 0 1"}));
  CHECK(twice(70, 60).first == Lines{"1001 2-200"});
  CHECK(twice(71, 60) == std::pair(Lines{"1001 2-10", "1001 71-200"}, Lines{}));
}

TEST_CASE("what overlaps is no time between two calls, also behind a longer one") {
  Legs legs = one_call();
  legs.add({.id = "2", .caller = agent(1), .callee = agent(2), .begin = 3, .answered = 4, .end = 6});
  legs.add({.id = "3", .caller = agent(1), .callee = agent(2), .begin = 10, .answered = 11, .end = 30});
  legs.media(1, Side::Caller, 4, 6);
  legs.media(2, Side::Caller, 11, 30);
  CHECK(Stitched(legs).gaps(0).empty());
}

TEST_CASE("a machine is not heard beside people, and alone it is") {
  Legs legs = one_call();
  legs.add({.id = "2", .caller = agent(1), .callee = kMusic, .begin = 3, .answered = 4, .end = 8});
  legs.media(1, Side::Callee, 4, 8);
  const Stitched stitched(legs);
  CHECK(stitched.channel(0, 0) == Lines{"0 2.00-20.00"});
  CHECK(stitched.tracks[2].use == Use::Bot);
  Legs alone;
  alone.add({.id = "2", .caller = agent(1), .callee = kMusic, .begin = 3, .answered = 4, .end = 8});
  alone.media(0, Side::Callee, 4, 8);
  CHECK(Stitched(alone).channel(0, 0) == Lines{"0 4.00-8.00"});
}

TEST_CASE("what a supervisor is sent is heard nowhere") {
  Legs legs = one_call();
  const Who supervisor = with({}, Role::Supervisor, "2001", "10.1.0.41");
  legs.add({.id = "2", .caller = supervisor, .callee = agent(1), .begin = 5, .answered = 6, .end = 12});
  legs.media(1, Side::Callee, 6, 12);
  const Stitched stitched(legs);
  CHECK(stitched.channel(0, 1) == Lines{"1 2.00-20.00"});
  CHECK(stitched.tracks[2].use == Use::Monitor);
  CHECK(stitched.others(0) == Lines{"+12025550101", "2001"});
}

TEST_CASE("media that never passed the agent's own call is taken from the other leg of its host") {
  Legs legs;
  Who at_pbx = kCustomer;
  at_pbx.ip = kPbx.ip;
  at_pbx.role = Role::Unknown;
  legs.add({.id = "in", .caller = kCustomer, .callee = kPbx, .begin = 1, .answered = 3, .end = 20});
  legs.add({.id = "out", .caller = at_pbx, .callee = agent(1), .begin = 1.5, .answered = 2, .end = 19});
  legs.link(0, 1, calls::LinkKind::Key);
  legs.media(0, Side::Caller, 3, 20);
  legs.media(0, Side::Callee, 3, 20);
  const Stitched stitched(legs);
  CHECK(stitched.recordings() == Lines{"1001 2-19"});
  CHECK(stitched.channel(0, 0) == Lines{"0 3.00-19.00"});
  CHECK(stitched.channel(0, 1) == Lines{"1 3.00-19.00"});
}

TEST_CASE("of a call between two agents each has a recording, with the other on channel 0") {
  Legs legs;
  legs.add({.id = "1", .caller = agent(1), .callee = agent(2), .begin = 1, .answered = 2, .end = 9});
  legs.media(0, Side::Caller, 2, 9);
  legs.media(0, Side::Callee, 2, 9);
  const Stitched stitched(legs);
  CHECK(stitched.recordings() == Lines{"1002 2-9", "1001 2-9"});
  CHECK(stitched.channel(0, 1) == Lines{"1 2.00-9.00"});
  CHECK(stitched.channel(1, 1) == Lines{"0 2.00-9.00"});
}

TEST_CASE("without an agent whoever the customer spoke with has the recording") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = kMusic, .begin = 1, .answered = 2, .end = 9});
  legs.media(0, Side::Callee, 2, 9);
  CHECK(Stitched(legs).recordings() == Lines{"moh 2-9"});
}

TEST_CASE("who may only listen to an agent has no recording of its own, who may speak, or listens to a customer, has") {
  const auto recordings = [](const Who& pager, std::optional<Side> listener) {
    Legs legs;
    legs.add({.id = "1", .caller = pager, .callee = agent(2), .begin = 1, .answered = 2, .end = 9});
    legs.media(0, Side::Caller, 2, 9);
    legs.call(0).listener = listener;
    return Stitched(legs).recordings();
  };
  CHECK(recordings(agent(1), Side::Callee) == Lines{"1001 2-9"});
  CHECK(recordings(agent(1), std::nullopt) == Lines{"1002 2-9", "1001 2-9"});
  CHECK(recordings(agent(1), Side::Caller) == Lines{"1002 2-9"});
  CHECK(recordings(kCustomer, Side::Callee) == Lines{"1002 2-9"});
}

TEST_CASE("video is a gap of its own on no channel, inside the call") {
  Legs legs = one_call();
  legs.media(0, Side::Caller, 1, 12, "video");
  legs.media(0, Side::Callee, 4, 40, "video");
  const Stitched stitched(legs);
  CHECK(stitched.gaps(0) == Lines{"video-not-recorded 2-20"});
  CHECK(stitched.dialogs[0].recording[0].gaps[0].detail == "H264");
  CHECK(stitched.tracks[2].use == Use::NotAudio);
}

TEST_CASE("the customer's view begins with the customer's first call, its channels the other way round") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 10});
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 11, .answered = 12, .end = 20});
  for (const std::size_t leg : {0U, 1U}) {
    legs.media(leg, Side::Caller, leg == 0 ? 2 : 12, leg == 0 ? 10 : 20);
    legs.media(leg, Side::Callee, leg == 0 ? 2 : 12, leg == 0 ? 10 : 20);
  }
  legs.hold(0, Side::Caller, 5, 6);
  calls::Rules rules;
  rules.customer_view = true;
  const Stitched stitched(legs, rules);
  REQUIRE(stitched.recordings() == Lines{"1001 2-10", "+12025550101 2-20", "1002 12-20"});
  CHECK(stitched.channel(1, 0) == Lines{"0 2.00-5.00", "0 6.00-10.00", "2 12.00-20.00"});
  CHECK(stitched.channel(1, 1) == Lines{"1 2.00-5.00", "1 6.00-10.00", "3 12.00-20.00"});
  CHECK(stitched.gaps(1) == Lines{"hold 5-6 1 0", "inactive 10-12 1 0"});
}

TEST_CASE("a bound that was reached is told of the recordings of that call only") {
  Legs legs = one_call();
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 21, .answered = 22, .end = 30});
  legs.media(1, Side::Caller, 22, 30);
  legs.call(1).overflowed = true;
  const Stitched stitched(legs);
  CHECK_FALSE(stitched.dialogs.at(0).recording.at(0).drops_touched);
  CHECK(stitched.dialogs.at(1).recording.at(0).drops_touched);
}
