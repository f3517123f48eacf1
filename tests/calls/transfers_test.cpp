#include "calls/transfers.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "calls/people.h"
#include "calls/stitch.h"
#include "tests/calls/legs.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::DialogKind;
using calls::DialogPlan;
using calls::Role;
using calls::Side;

namespace {

using Lines = std::vector<std::string>;

const Who kCustomer{.user = "+12025550101", .ip = "203.0.113.10", .role = Role::Customer};
const Who kQueue{.user = "queue1", .ip = "10.2.0.7", .role = Role::Bot};

Who agent(int number) {
  const std::string digit = std::to_string(number);
  return {.user = "100" + digit, .ip = "10.1.0.2" + digit, .role = Role::Agent, .internal = true};
}

calls::Referral refer(Side by, double at) {
  calls::Referral referral;
  referral.referrer = by;
  referral.time = scene_time(at);
  referral.status = 202;
  return referral;
}

/// A conversation with its transfers.
struct Transferred {
  explicit Transferred(Legs& legs, const std::vector<calls::Attempt>& attempts = {})
      : parties(calls::find_parties(legs.all(), legs.links())), tracks(legs.tracks()) {
    dialogs = calls::stitch(legs.all(), tracks, parties, {});
    for (const calls::Attempt& attempt : attempts) {
      REQUIRE(attempt.dialog == dialogs.size());
      DialogPlan incomplete;
      incomplete.kind = DialogKind::Incomplete;
      dialogs.push_back(incomplete);
    }
    calls::add_transfers(legs.all(), parties, attempts, dialogs);
  }

  [[nodiscard]] std::string name(std::size_t party) const {
    const std::string& uri = parties.at(party).uri;
    return uri.substr(4, uri.find('@') - 4);
  }
  /// What a transfer names: `recording of 1001`, `incomplete`, `placeholder of queue1`, `-`.
  [[nodiscard]] std::string named(std::optional<std::size_t> dialog) const {
    if (!dialog) return "-";
    const DialogPlan& plan = dialogs.at(*dialog);
    if (plan.kind == DialogKind::Incomplete) return "incomplete";
    const bool placeholder = !plan.gaps.empty() && plan.gaps[0].reason == calls::GapReason::NotRecorded;
    return (placeholder ? "placeholder of " : "recording of ") + name(plan.agent);
  }
  /// `time: transferee from transferor to target; original, target, consultation`.
  [[nodiscard]] Lines all() const {
    Lines lines;
    for (const DialogPlan& dialog : dialogs) {
      if (!dialog.transfer) continue;
      const calls::TransferPlan& plan = *dialog.transfer;
      lines.push_back(fmt::format("{:.0f}: {} from {} to {}; {}, {}, {}", scene_seconds(dialog.start),
                                  name(plan.transferee), name(plan.transferor), name(plan.transfer_target),
                                  named(plan.original), named(plan.target_dialog), named(plan.consultation)));
    }
    return lines;
  }

  std::vector<calls::Party> parties;
  std::vector<calls::Track> tracks;
  std::vector<DialogPlan> dialogs;
};

/// The customer speaks with agent 1 from 2 to `until`, and with agent 2 from `from` to 30.
Legs handed_on(double until, double from) {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = until});
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = from - 1, .answered = from, .end = 30});
  return legs;
}

const std::string kPlain = "+12025550101 from 1001 to 1002; recording of 1001, recording of 1002, -";

}  // namespace

TEST_CASE("a REFER whose INVITE was seen is a transfer at the time of the REFER") {
  Legs legs = handed_on(12, 11);
  legs.call(0).referrals = {refer(Side::Callee, 9)};
  legs.call(0).referrals[0].call = legs.call(1).serial;
  CHECK(Transferred(legs).all() == Lines{"9: " + kPlain});
}

TEST_CASE("a REFER after which both talk on hands nobody on, while the one holds the other it may be one") {
  const auto count = [](double until, double held_from) {
    Legs legs;
    legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = until});
    legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 10, .answered = 11, .end = 30});
    legs.call(0).referrals = {refer(Side::Callee, 9)};
    legs.call(0).referrals[0].call = legs.call(1).serial;
    if (held_from > 0) legs.hold(0, Side::Callee, held_from, until);
    return Transferred(legs).all().size();
  };
  CHECK(count(16, 0) == 1);
  CHECK(count(17, 0) == 0);
  CHECK(count(29, 8) == 1);
}

TEST_CASE("a REFER that was refused, or whose INVITE never came, is none") {
  const auto transfers = [](int status, bool made) {
    Legs legs;
    legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 40});
    legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 10, .end = 12});
    legs.call(0).referrals = {refer(Side::Callee, 9)};
    legs.call(0).referrals[0].status = status;
    if (made) legs.call(0).referrals[0].call = legs.call(1).serial;
    return Transferred(legs, {{.leg = 1, .dialog = 1}}).all();
  };
  CHECK(transfers(202, true) == Lines{"9: +12025550101 from 1001 to 1002; recording of 1001, incomplete, -"});
  CHECK(transfers(603, true).empty());
  CHECK(transfers(202, false).empty());
}

TEST_CASE("a REFER with Replaces names the consultation, which is in the target's recording") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 15});
  legs.add({.id = "c", .caller = agent(1), .callee = agent(2), .begin = 8, .answered = 9, .end = 15});
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 14, .answered = 14.1, .end = 30});
  legs.call(0).referrals = {refer(Side::Callee, 13)};
  legs.call(0).referrals[0].target.replaces = sip::DialogReference{"c", "x", "y", false};
  calls::Reference reference;
  reference.dialog.call_id = "c";
  legs.call(2).references = {reference};
  CHECK(Transferred(legs).all() ==
        Lines{"13: +12025550101 from 1001 to 1002; recording of 1001, recording of 1002, recording of 1002"});
}

TEST_CASE("a PBX that joins two of its dialogs inside tells by the NOTIFY alone") {
  const auto transfers = [](int outcome) {
    Legs legs;
    legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 30});
    legs.add({.id = "c", .caller = agent(1), .callee = agent(2), .begin = 8, .answered = 9, .end = 30});
    legs.call(0).referrals = {refer(Side::Callee, 13)};
    legs.call(0).referrals[0].target.replaces = sip::DialogReference{"c", "x", "y", false};
    legs.call(0).referrals[0].outcome = outcome;
    return Transferred(legs).all();
  };
  CHECK(transfers(200) ==
        Lines{"13: +12025550101 from 1001 to 1002; recording of 1001, recording of 1002, recording of 1002"});
  CHECK(transfers(486).empty());
  CHECK(transfers(0).empty());
}

TEST_CASE("without a REFER who faced the customer and was followed by another handed on") {
  Legs legs = handed_on(12, 14);
  CHECK(Transferred(legs).all() == Lines{"12: " + kPlain});
}

TEST_CASE("who comes before the other has long gone, or much later, follows nobody") {
  const auto count = [](double until, double from) {
    Legs legs = handed_on(until, from);
    return Transferred(legs).all().size();
  };
  CHECK(count(20, 15.1) == 1);  // both for less than five seconds
  CHECK(count(20, 14.9) == 0);  // in one call with both
  CHECK(count(31, 29) == 0);    // the first outlives the second
}

TEST_CASE("a minute of ringing is still a transfer, more is none") {
  const auto count = [](double from) {
    Legs legs;
    legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 5});
    legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 6, .answered = from, .end = 100});
    return Transferred(legs).all().size();
  };
  CHECK(count(65) == 1);
  CHECK(count(65.1) == 0);
}

TEST_CASE("a call between the two before the one was followed by the other is the consultation") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 12});
  legs.add({.id = "c", .caller = agent(1), .callee = agent(2), .begin = 8, .answered = 9, .end = 12});
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 12, .answered = 12.2, .end = 30});
  CHECK(Transferred(legs).all() ==
        Lines{"12: +12025550101 from 1001 to 1002; recording of 1001, recording of 1002, recording of 1002"});
}

TEST_CASE("what a REFER told is not told again by who followed") {
  Legs legs = handed_on(12, 12.5);
  legs.call(0).referrals = {refer(Side::Callee, 11)};
  legs.call(0).referrals[0].call = legs.call(1).serial;
  CHECK(Transferred(legs).all().size() == 1);
}

TEST_CASE("a supervisor who follows takes nothing over") {
  Legs legs;
  Who supervisor = agent(9);
  supervisor.role = Role::Supervisor;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 12});
  legs.add({.id = "2", .caller = kCustomer, .callee = supervisor, .begin = 11, .answered = 12, .end = 30});
  CHECK(Transferred(legs).all().empty());
}

TEST_CASE("a machine that hands on has no recording: a placeholder tells of its call") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = kQueue, .begin = 1, .answered = 2, .end = 12});
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 11, .answered = 12, .end = 30});
  const Transferred transferred(legs);
  CHECK(transferred.all() ==
        Lines{"12: +12025550101 from queue1 to 1002; placeholder of queue1, recording of 1002, -"});
  REQUIRE(transferred.dialogs.size() == 3);
  const DialogPlan& placeholder = transferred.dialogs[1];
  CHECK(scene_seconds(placeholder.start) == Approx(2));
  CHECK(scene_seconds(placeholder.end) == Approx(12));
  CHECK(placeholder.channel_parties.size() == 2);
  CHECK(placeholder.recording.empty());
}

TEST_CASE("a transfer back names the recording that was going on at its time") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 10});
  legs.add({.id = "2", .caller = kCustomer, .callee = agent(2), .begin = 9, .answered = 10, .end = 200});
  legs.add({.id = "3", .caller = kCustomer, .callee = agent(1), .begin = 199, .answered = 200, .end = 230});
  const Transferred transferred(legs);
  REQUIRE(transferred.all().size() == 2);
  CHECK(transferred.dialogs[3].transfer->original == 0);
  CHECK(transferred.dialogs[4].transfer->original == 1);
  CHECK(transferred.dialogs[4].transfer->target_dialog == 2);
}

TEST_CASE("who asks for a conference hands nobody on") {
  Legs legs;
  const Who room{.user = "conf88", .ip = "10.2.0.8"};
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 12});
  legs.add({.id = "a", .caller = agent(1), .callee = room, .begin = 8, .answered = 9, .end = 30, .focus = "conf88"});
  legs.add({.id = "c", .caller = kCustomer, .callee = room, .begin = 10, .answered = 11, .end = 30, .focus = "conf88"});
  legs.call(0).referrals = {refer(Side::Callee, 10)};
  legs.call(0).referrals[0].call = legs.call(2).serial;
  CHECK(Transferred(legs).all().empty());
}

TEST_CASE("a call alone has no transfer, whatever it was asked") {
  Legs legs;
  legs.add({.id = "1", .caller = kCustomer, .callee = agent(1), .begin = 1, .answered = 2, .end = 12});
  legs.call(0).referrals = {refer(Side::Callee, 10)};
  CHECK(Transferred(legs).all().empty());
}
