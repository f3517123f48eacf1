#include "sipparse/dialog_info.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("a dialog-info document tells each dialog's state, ends and rendering") {
  const auto info = parse_dialog_info(R"(<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="3" state="partial" entity="sip:1001@example.com">
  <dialog id="as7d900as8" call-id="a84b4c76e66710" local-tag="1928301774" remote-tag="456887766" direction="initiator">
    <state event="replaced" code="200">terminated</state>
    <duration>274</duration>
    <replaces call-id="hg287s98s89" local-tag="6762h7" remote-tag="09278hsb"/>
    <referred-by display="Bob">sip:bob@example.com</referred-by>
    <local><identity display="Anonymous">sip:anonymous@example.com</identity>
      <target uri="sip:1001@10.1.0.21"><param pname="+sip.rendering" pval="no"/></target></local>
    <remote><identity>sip:+12025550101@trunk.example.net</identity></remote>
  </dialog>
  <dialog id="2"><state>early</state></dialog>
  <other/>
</dialog-info>)");
  REQUIRE(info);
  CHECK(info->entity == "sip:1001@example.com");
  CHECK(info->version == "3");
  CHECK(info->state == "partial");
  REQUIRE(info->dialogs.size() == 2);
  const DialogState& dialog = info->dialogs[0];
  CHECK(dialog.id == "as7d900as8");
  CHECK(dialog.call_id == "a84b4c76e66710");
  CHECK(dialog.local_tag == "1928301774");
  CHECK(dialog.remote_tag == "456887766");
  CHECK(dialog.direction == "initiator");
  CHECK(dialog.state == "terminated");
  CHECK(dialog.event == "replaced");
  CHECK(dialog.code == "200");
  CHECK(dialog.duration == "274");
  CHECK(dialog.replaces == "hg287s98s89");
  CHECK(dialog.referred_by == "sip:bob@example.com");
  CHECK(dialog.local.identity == "sip:anonymous@example.com");
  CHECK(dialog.local.display == "Anonymous");
  CHECK(dialog.local.target == "sip:1001@10.1.0.21");
  CHECK(dialog.local.rendering == "no");
  CHECK(dialog.remote.identity == "sip:+12025550101@trunk.example.net");
  CHECK(dialog.remote.rendering.empty());
  CHECK(info->dialogs[1].state == "early");
}

TEST_CASE("other documents are none, and dialogs are bounded") {
  CHECK_FALSE(parse_dialog_info("<presence/>"));
  CHECK_FALSE(parse_dialog_info("<dialog-info>"));
  std::string many = "<dialog-info>";
  for (std::size_t n = 0; n < kMaxDialogsInfo + 5; ++n) many += "<dialog/>";
  CHECK(parse_dialog_info(many + "</dialog-info>")->dialogs.size() == kMaxDialogsInfo);
}

}  // namespace tapestry::sip
