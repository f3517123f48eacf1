// One call in two dialogs across a B2BUA: scenes with a known truth (docs/features.md), from the capture to the signed
// vCon.
#include <catch2/catch.hpp>

#include "tests/app/scene_run.h"

namespace {

using tapestry::testing::faults_of;
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("Session-ID ties the dialogs of a B2BUA") { CHECK(faults_of("b2bua_session_id") == Faults{}); }
TEST_CASE("Session-ID without remote ties the dialogs of a B2BUA") {
  CHECK(faults_of("b2bua_session_id_old") == Faults{});
}
TEST_CASE("a Session-ID that comes with the answers ties the dialogs of a B2BUA") {
  CHECK(faults_of("b2bua_session_id_late") == Faults{});
}
TEST_CASE("a UCID in user-to-user information ties the dialogs of a B2BUA") {
  CHECK(faults_of("b2bua_ucid") == Faults{});
}
TEST_CASE("a UCID is found behind other user-to-user data") { CHECK(faults_of("b2bua_ucid_among_others") == Faults{}); }
TEST_CASE("X-CID ties the dialogs of a B2BUA") { CHECK(faults_of("b2bua_x_cid") == Faults{}); }
TEST_CASE("an icid-value ties the dialogs of a B2BUA, quoted or not") { CHECK(faults_of("b2bua_icid") == Faults{}); }
TEST_CASE("Cisco-Guid ties the dialogs of a B2BUA") { CHECK(faults_of("b2bua_cisco_guid") == Faults{}); }
TEST_CASE("Cisco-Gucid ties the dialogs of a B2BUA") { CHECK(faults_of("b2bua_cisco_gucid") == Faults{}); }
TEST_CASE("X-Genesys-CallUUID ties the dialogs of a B2BUA") { CHECK(faults_of("b2bua_genesys") == Faults{}); }
TEST_CASE("x-inin-cnv ties the dialogs of a B2BUA") { CHECK(faults_of("b2bua_genesys_cloud") == Faults{}); }
TEST_CASE("Av-Global-Session-ID ties the dialogs of a B2BUA") { CHECK(faults_of("b2bua_avaya") == Faults{}); }
TEST_CASE("X-BroadWorks-Correlation-Info ties the dialogs of a B2BUA") {
  CHECK(faults_of("b2bua_broadworks") == Faults{});
}
TEST_CASE("a Call-ID with a suffix ties the dialogs of a B2BUA") {
  CHECK(faults_of("b2bua_call_id_suffix") == Faults{});
}
TEST_CASE("relayed packets tie the dialogs of a B2BUA") { CHECK(faults_of("b2bua_same_ssrc") == Faults{}); }
TEST_CASE("relayed payloads under another SSRC tie the dialogs of a B2BUA") {
  CHECK(faults_of("b2bua_new_ssrc") == Faults{});
}
TEST_CASE("shared media addresses tie the dialogs of a B2BUA") { CHECK(faults_of("b2bua_direct_media") == Faults{}); }
TEST_CASE("caller, host and time tie the dialogs of a B2BUA") { CHECK(faults_of("b2bua_proximity") == Faults{}); }
TEST_CASE("two calls through one B2BUA are told apart by their payloads") {
  CHECK(faults_of("b2bua_two_by_payload") == Faults{});
}
TEST_CASE("two calls through one B2BUA are told apart by their callers") {
  CHECK(faults_of("b2bua_two_by_caller") == Faults{});
}
TEST_CASE("two calls of one trunk in the same second stay apart") {
  CHECK(faults_of("unrelated_same_second") == Faults{});
}
TEST_CASE("nil Session-IDs tie nothing") { CHECK(faults_of("unrelated_nil_session") == Faults{}); }
TEST_CASE("user-to-user information that is no UCID ties nothing") {
  CHECK(faults_of("unrelated_same_user_to_user") == Faults{});
}
TEST_CASE("headers without a value tie nothing") { CHECK(faults_of("unrelated_empty_keys") == Faults{}); }
TEST_CASE("two calls to one agent in the same second stay apart") {
  CHECK(faults_of("unrelated_agent_busy") == Faults{});
}
TEST_CASE("unrelated calls at one PBX in the same second stay apart") {
  CHECK(faults_of("unrelated_one_pbx") == Faults{});
}
TEST_CASE("a second call while the first one is held stays apart") { CHECK(faults_of("call_waiting") == Faults{}); }
