// User-to-user information, in every way it comes: scenes with a known truth (docs/features.md), from the capture to
// the signed vCon.
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("user-to-user information of the INVITE is in the vCon") { CHECK(faults_of("uui_header") == Faults{}); }
TEST_CASE("user-to-user information without parameters is in the vCon") {
  CHECK(faults_of("uui_bare_token") == Faults{});
}
TEST_CASE("all of several pieces of user-to-user information are in the vCon") {
  CHECK(faults_of("uui_lists") == Faults{});
}
TEST_CASE("user-to-user information that is still escaped is in the vCon") {
  CHECK(faults_of("uui_still_escaped") == Faults{});
}
TEST_CASE("user-to-user information of the answer is in the vCon") { CHECK(faults_of("uui_in_answer") == Faults{}); }
TEST_CASE("user-to-user information of the BYE is in the vCon") { CHECK(faults_of("uui_in_bye") == Faults{}); }
TEST_CASE("Call-Info with a data URI is in the vCon") { CHECK(faults_of("uui_call_info") == Faults{}); }
TEST_CASE("user-to-user information of an INFO is in the vCon, without card numbers") {
  CHECK(faults_of("uui_info") == Faults{});
}
TEST_CASE("user-to-user information in the Request-URI is in the vCon") {
  CHECK(faults_of("uui_uri_parameter") == Faults{});
}
TEST_CASE("a small text part of the INVITE's body is in the vCon") { CHECK(faults_of("uui_mime_body") == Faults{}); }
TEST_CASE("user-to-user information of a redirection is in the vCon") { CHECK(faults_of("uui_redirect") == Faults{}); }
TEST_CASE("user-to-user information of a referral is in the vCon") { CHECK(faults_of("uui_refer") == Faults{}); }
TEST_CASE("user-to-user information that a proxy adds is in the vCon") {
  CHECK(faults_of("uui_proxy_adds") == Faults{});
}
TEST_CASE("user-to-user information that a proxy changes is in the vCon twice") {
  CHECK(faults_of("uui_proxy_changes") == Faults{});
}
