// What happens inside one call: scenes with a known truth (docs/features.md), from the capture to the signed vCon.
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("music on hold is no part of a recording") { CHECK(faults_of("held") == Faults{}); }
TEST_CASE("session refreshes change nothing") { CHECK(faults_of("session_refresh") == Faults{}); }
TEST_CASE("a MESSAGE inside a call is in the vCon") { CHECK(faults_of("message") == Faults{}); }
TEST_CASE("a call with video has its audio, and a gap that tells of the video") {
  CHECK(faults_of("video") == Faults{});
}
TEST_CASE("a caller's PASSporT is in the vCon") { CHECK(faults_of("stir_identity") == Faults{}); }
TEST_CASE("dialog-info NOTIFYs make no conversations") { CHECK(faults_of("dialog_info") == Faults{}); }
TEST_CASE("a call that a controller has held is held") { CHECK(faults_of("feature_hold") == Faults{}); }
TEST_CASE("a call that is held with sendrecv and music is held by what the referral said") {
  CHECK(faults_of("feature_hold_with_music") == Faults{});
}
TEST_CASE("a call that a controller has answered starts with the answer") {
  CHECK(faults_of("feature_answer") == Faults{});
}
TEST_CASE("a call that a controller has cleared ends with the BYE") { CHECK(faults_of("feature_clear") == Faults{}); }
TEST_CASE("a call that a controller has deflected is one conversation") {
  CHECK(faults_of("feature_deflect") == Faults{});
}
TEST_CASE("names in a recording session's metadata go to the parties of the call that it records") {
  CHECK(faults_of("recorder_siprec_names") == Faults{});
}
TEST_CASE("a phone is known by the contact that it registered") {
  CHECK(faults_of("registered_contact") == Faults{});
  CHECK(faults_of("registered_by_package") == Faults{});
}
TEST_CASE("a SIPREC session of a call is not recorded") { CHECK(faults_of("recorder_siprec") == Faults{}); }
TEST_CASE("Cisco's recording calls are not recorded") { CHECK(faults_of("recorder_cisco") == Faults{}); }
TEST_CASE("a call to a busy agent is incomplete, busy") { CHECK(faults_of("incomplete_busy") == Faults{}); }
TEST_CASE("a call that nobody answered is incomplete, no-answer") {
  CHECK(faults_of("incomplete_no_answer") == Faults{});
}
TEST_CASE("a call that the caller gave up is incomplete, no-answer") {
  CHECK(faults_of("incomplete_cancelled") == Faults{});
}
TEST_CASE("a call that found no server is incomplete, congestion") {
  CHECK(faults_of("incomplete_congestion") == Faults{});
}
TEST_CASE("a call to nobody is incomplete, failed") { CHECK(faults_of("incomplete_failed") == Faults{}); }
TEST_CASE("a call that is declined is incomplete, failed") { CHECK(faults_of("incomplete_declined") == Faults{}); }
TEST_CASE("a call to an agent who is not to be disturbed is incomplete, no-answer") {
  CHECK(faults_of("incomplete_do_not_disturb") == Faults{});
}
TEST_CASE("who ends the audio by port 0 holds, whatever the ports are when it resumes") {
  CHECK(faults_of("held_by_port") == Faults{});
  CHECK(faults_of("held_by_port_moved") == Faults{});
  CHECK(faults_of("held_by_port_update") == Faults{});
  CHECK(faults_of("held_by_port_customer") == Faults{});
}
TEST_CASE("a fax in the audio's place is no hold") { CHECK(faults_of("fax_is_no_hold") == Faults{}); }
