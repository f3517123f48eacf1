// Calls that a PBX moves behind its dialogs: scenes with a known truth (docs/features.md), from the capture to the
// signed vCon.
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a PBX that joins two of its dialogs after a consultation transfers the call") {
  CHECK(faults_of("pbx_transfer_attended") == Faults{});
}
TEST_CASE("a PBX that joins two of its dialogs is understood without keys") {
  CHECK(faults_of("pbx_transfer_attended_unkeyed") == Faults{});
}
TEST_CASE("a PBX that is referred calls the next agent") { CHECK(faults_of("pbx_transfer_blind") == Faults{}); }
TEST_CASE("a PBX that moves a call by itself transfers it") { CHECK(faults_of("pbx_transfer_silent") == Faults{}); }
TEST_CASE("a customer who is held behind a PBX is not heard") { CHECK(faults_of("pbx_held") == Faults{}); }
TEST_CASE("an agent who did not answer a queue has no recording") {
  CHECK(faults_of("pbx_rings_on_no_answer") == Faults{});
}
TEST_CASE("agents whose phones rang at a PBX are no parties") { CHECK(faults_of("pbx_rings_all") == Faults{}); }
TEST_CASE("an agent's call to a customer through a PBX is one recording") {
  CHECK(faults_of("pbx_outbound") == Faults{});
}
TEST_CASE("a call of two agents through a PBX is a recording of each") { CHECK(faults_of("pbx_internal") == Faults{}); }
