// Links that are guessed too boldly, or not boldly enough: scenes with a known truth (docs/features.md).
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a PBX that adds an agent and mixes keeps both recordings going") {
  CHECK(faults_of("pbx_conference") == Faults{});
}
TEST_CASE("a supervisor whom a PBX lets listen is a party") { CHECK(faults_of("pbx_monitor") == Faults{}); }
TEST_CASE("an agent whom a PBX calls back after a transfer in vain has one recording") {
  CHECK(faults_of("pbx_recall") == Faults{});
}
TEST_CASE("media that moves to another address stays in its recording") { CHECK(faults_of("media_moves") == Faults{}); }
TEST_CASE("a held customer who is referred is held until the agent drops") {
  CHECK(faults_of("transfer_blind_while_held") == Faults{});
}
TEST_CASE("a customer who gave up and calls again has two conversations") {
  CHECK(faults_of("unrelated_redial") == Faults{});
}
TEST_CASE("a customer who calls the same agent twice has two conversations") {
  CHECK(faults_of("unrelated_calls_again") == Faults{});
}
TEST_CASE("two calls from one number through one B2BUA are told apart by their payloads") {
  CHECK(faults_of("b2bua_same_number_twice") == Faults{});
}
TEST_CASE("calls that nothing tells apart are left apart") { CHECK(faults_of("b2bua_ambiguous") == Faults{}); }
