// Calls that go from one agent to another: scenes with a known truth (docs/features.md), from the capture to the signed
// vCon.
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a blind transfer joins two agents' recordings in one vCon") {
  CHECK(faults_of("transfer_blind") == Faults{});
}
TEST_CASE("a blind transfer is followed through compact headers and another form of the number") {
  CHECK(faults_of("transfer_blind_compact") == Faults{});
}
TEST_CASE("a transfer to a number outside leaves the agent's recording alone") {
  CHECK(faults_of("transfer_to_third_party") == Faults{});
}
TEST_CASE("a blind transfer is followed without NOTIFY") {
  CHECK(faults_of("transfer_blind_without_subscription") == Faults{});
}
TEST_CASE("a REFER out of the dialog names the call by Target-Dialog") {
  CHECK(faults_of("transfer_blind_out_of_dialog") == Faults{});
}
TEST_CASE("the consultation of an attended transfer is in both agents' recordings") {
  CHECK(faults_of("transfer_attended") == Faults{});
}
TEST_CASE("an agent who is referred to the customer takes the call") {
  CHECK(faults_of("transfer_attended_target_takes") == Faults{});
}
TEST_CASE("a transfer to a busy agent is no transfer") { CHECK(faults_of("transfer_failed") == Faults{}); }
TEST_CASE("a B2BUA's re-INVITE to another agent is a transfer") {
  CHECK(faults_of("transfer_third_party_control") == Faults{});
}
TEST_CASE("an agent who gets the customer back within a minute has one recording") {
  CHECK(faults_of("transfer_returns_to_first") == Faults{});
}
TEST_CASE("an attended transfer that is refused leaves the customer with the first agent") {
  CHECK(faults_of("transfer_attended_fails") == Faults{});
}
TEST_CASE("a consultation without a transfer belongs to the held call") {
  CHECK(faults_of("consult_only") == Faults{});
}
TEST_CASE("a REFER before the answer leads to the agent") { CHECK(faults_of("refer_in_early_dialog") == Faults{}); }
TEST_CASE("an agent whom the customer comes back to after more than a minute has two recordings") {
  CHECK(faults_of("transfer_returns_late") == Faults{});
}
TEST_CASE("a call that machines hand on to two agents is one conversation") {
  CHECK(faults_of("ivr_queue_two_agents") == Faults{});
}
TEST_CASE("an agent who takes another's call with Replaces is its next agent") { CHECK(faults_of("take") == Faults{}); }
TEST_CASE("a feature referral makes a phone transfer its call") { CHECK(faults_of("feature_transfer") == Faults{}); }
TEST_CASE("a parked call is retrieved by another agent in the same conversation") {
  CHECK(faults_of("park_and_retrieve") == Faults{});
}
