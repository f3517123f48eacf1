// Where a call rings, who places it, and which robots it passes: scenes with a known truth (docs/features.md), from the
// capture to the signed vCon.
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a call that is redirected by 302 is one conversation") { CHECK(faults_of("forwarded_by_302") == Faults{}); }
TEST_CASE("a call that is forwarded by a proxy keeps the number that was called") {
  CHECK(faults_of("forwarded_by_181") == Faults{});
}
TEST_CASE("phones that rang in vain are no parties") { CHECK(faults_of("forked") == Faults{}); }
TEST_CASE("a call that is picked up belongs to who answered") { CHECK(faults_of("pickup") == Faults{}); }
TEST_CASE("a controller's two calls are one conversation") { CHECK(faults_of("click_to_dial") == Faults{}); }
TEST_CASE("a call that a controller asked a phone for is the phone's") { CHECK(faults_of("remote_dial") == Faults{}); }
TEST_CASE("a call that a controller ends is dropped by the phone") { CHECK(faults_of("remote_hangup") == Faults{}); }
TEST_CASE("robots among themselves make no vCon") { CHECK(faults_of("robots_only") == Faults{}); }
TEST_CASE("a queue is a bot, and no part of the agent's recording") { CHECK(faults_of("queue_refers") == Faults{}); }
TEST_CASE("a queue that bridges an agent in is a bot") { CHECK(faults_of("queue_bridges") == Faults{}); }
TEST_CASE("what a customer says to an IVR is no part of the agent's recording") {
  CHECK(faults_of("ivr_refers") == Faults{});
}
TEST_CASE("a music server is a bot and never heard") { CHECK(faults_of("music_server") == Faults{}); }
TEST_CASE("voicemail is a bot") { CHECK(faults_of("voicemail") == Faults{}); }
TEST_CASE("a busy call and the call that completes it are one conversation") {
  CHECK(faults_of("callback_completion") == Faults{});
}
TEST_CASE("of a callback by a controller the controller is nobody") {
  CHECK(faults_of("callback_by_controller") == Faults{});
}
TEST_CASE("who listens to a message that is being left hears it in the recording, and then the customer") {
  CHECK(faults_of("voicemail_screened") == Faults{});
}
TEST_CASE("an announcement that calls are recorded is evidence of consent") {
  CHECK(faults_of("consent_announced") == Faults{});
  CHECK(faults_of("consent_announced_by_pbx") == Faults{});
}
