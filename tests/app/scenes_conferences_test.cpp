// More than two who hear each other: scenes with a known truth (docs/features.md), from the capture to the signed vCon.
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a conference at a focus goes on in each agent's recording") {
  CHECK(faults_of("conference_focus") == Faults{});
}
TEST_CASE("a conference's roster changes nobody's recording") { CHECK(faults_of("conference_roster") == Faults{}); }
TEST_CASE("who is in a conference without a call that was seen is a party by its roster") {
  CHECK(faults_of("conference_roster_alone") == Faults{});
}
TEST_CASE("partial rosters are followed, and old ones are not") {
  CHECK(faults_of("conference_roster_partial") == Faults{});
}
TEST_CASE("a phone that only receives is muted and holds nobody") { CHECK(faults_of("muted_by_phone") == Faults{}); }
TEST_CASE("a phone that says that it is muted is muted") { CHECK(faults_of("muted_by_info") == Faults{}); }
TEST_CASE("a held phone that only receives is not muted") { CHECK(faults_of("held_is_not_muted") == Faults{}); }
TEST_CASE("two calls that a phone mixes are one conversation") { CHECK(faults_of("conference_at_phone") == Faults{}); }
TEST_CASE("who leaves a call that its phone mixed to another hands the customer on") {
  CHECK(faults_of("transfer_consultative") == Faults{});
}
TEST_CASE("of a call that a phone mixes one leg is transferred, and the others go on") {
  CHECK(faults_of("conference_leg_transferred") == Faults{});
}
TEST_CASE("two customers who are joined in a conference become one conversation") {
  CHECK(faults_of("conference_two_customers") == Faults{});
}
TEST_CASE("a conference that is split goes on in each agent's recording without those who left") {
  CHECK(faults_of("split") == Faults{});
}
TEST_CASE("an agent who speaks to two customers who do not hear each other is in two conversations") {
  CHECK(faults_of("near_fork") == Faults{});
}
TEST_CASE("a voice portal that listens to an agent's second dialog is a party, and the agent is recorded once") {
  CHECK(faults_of("far_fork") == Faults{});
}
TEST_CASE("a voice portal that listens to a second audio line changes nothing of the recording") {
  CHECK(faults_of("far_fork_two_lines") == Faults{});
}
TEST_CASE("a page to several phones is one recording of the pager") { CHECK(faults_of("paging") == Faults{}); }
TEST_CASE("a page to a multicast group is one recording of the pager") {
  CHECK(faults_of("paging_multicast") == Faults{});
}
TEST_CASE("a page through a mixer is one recording of the pager") { CHECK(faults_of("paging_by_mixer") == Faults{}); }
TEST_CASE("a supervisor who listens is a party and not heard") { CHECK(faults_of("supervisor_monitor") == Faults{}); }
TEST_CASE("a supervisor who speaks to both is heard beside the customer") {
  CHECK(faults_of("supervisor_barge_in") == Faults{});
}
TEST_CASE("a supervisor is heard from the re-INVITE on") { CHECK(faults_of("supervisor_barge_in_later") == Faults{}); }
TEST_CASE("a supervisor who whispers is in a recording of the supervisor's own") {
  CHECK(faults_of("supervisor_whisper") == Faults{});
}
TEST_CASE("a whisper is kept in the agent's recording when that is wanted") {
  CHECK(faults_of("supervisor_whisper_kept") == Faults{});
}
TEST_CASE("a whisper is left out of all recordings when that is wanted") {
  CHECK(faults_of("supervisor_whisper_left_out") == Faults{});
}
TEST_CASE("an agent who joins another's dialog has a recording, too") { CHECK(faults_of("join_by_agent") == Faults{}); }
TEST_CASE("each participant of a mesh hears all others, whose media comes on audio lines of one dialog") {
  CHECK(faults_of("mesh_by_focus") == Faults{});
}
TEST_CASE("of a mesh one dialog is enough to hear all who are heard there") {
  CHECK(faults_of("mesh_one_dialog") == Faults{});
}
TEST_CASE("participants whom one host sends on audio lines of their own are heard together") {
  CHECK(faults_of("mesh_one_host") == Faults{});
}
TEST_CASE("while one of two audio lines is held, the other goes on") { CHECK(faults_of("mesh_line_held") == Faults{}); }
TEST_CASE("calls that a focus makes are one conference") { CHECK(faults_of("conference_dials_out") == Faults{}); }
TEST_CASE("a focus that calls an agent tells in that dialog whom else it called") {
  CHECK(faults_of("conference_dials_out_alone") == Faults{});
}
TEST_CASE("a focus that calls an agent tells in a subscription whom else it called") {
  CHECK(faults_of("conference_dials_out_subscribed") == Faults{});
}
TEST_CASE("whom a focus is referred to is in its conference and no transfer's target") {
  CHECK(faults_of("conference_asked_to_dial_out") == Faults{});
}
TEST_CASE("a phone that calls itself a focus is still an agent's") {
  CHECK(faults_of("conference_phone_is_focus") == Faults{});
}
