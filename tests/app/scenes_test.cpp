// Contact-centre features whose truth is known, from the capture to the signed vCon (docs/features.md lists them).
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a busy agent's call is an incomplete dialog, busy") { CHECK(faults_of("incomplete_busy") == Faults{}); }
TEST_CASE("a blind transfer joins two agents' recordings in one vCon", "[.stitching]") {
  CHECK(faults_of("transfer_blind") == Faults{});
}
TEST_CASE("a blind transfer is followed without NOTIFY", "[.stitching]") {
  CHECK(faults_of("transfer_blind_without_subscription") == Faults{});
}
TEST_CASE("a REFER out of the dialog names the call by Target-Dialog", "[.stitching]") {
  CHECK(faults_of("transfer_blind_out_of_dialog") == Faults{});
}
TEST_CASE("the consultation of an attended transfer is in both agents' recordings", "[.stitching]") {
  CHECK(faults_of("transfer_attended") == Faults{});
}
TEST_CASE("an agent who is referred to the customer takes the call", "[.stitching]") {
  CHECK(faults_of("transfer_attended_target_takes") == Faults{});
}
