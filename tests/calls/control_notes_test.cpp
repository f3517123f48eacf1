#include "calls/control_notes.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::NoteKind;

namespace {

const std::string kA = "10.9.0.10:5060";
const std::string kB = "10.1.0.21:5060";
const std::string kController = "10.1.0.9:5060";

void notify(Scene& scene, double at, const std::string& type, const std::string& body,
            const std::string& call_id = "subscription") {
  scene.message(at, kB, kController,
                {.start = "NOTIFY sip:controller@10.1.0.9",
                 .cseq = std::to_string(static_cast<int>(at * 10)) + " NOTIFY",
                 .from_tag = "phone",
                 .to_tag = "controller",
                 .call_id = call_id,
                 .headers = "Event: dialog\r\nContent-Type: application/" + type + "\r\n",
                 .body = body});
}

void refer(Scene& scene, double at, const std::string& refer_to, const std::string& call_id,
           const std::string& more = "") {
  scene.message(at, kController, kB,
                {.start = "REFER sip:1001@10.1.0.21",
                 .cseq = "1 REFER",
                 .from_tag = "controller",
                 .call_id = call_id,
                 .headers = "Refer-To: <" + refer_to + ">\r\n" + more});
}

/// The only call's notes, their fields as `name=value`.
std::vector<std::string> noted(Scene& scene) {
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  std::vector<std::string> list;
  for (const calls::Note& note : scene.interactions.front().notes.list) {
    std::string line = note.kind == NoteKind::CallControl ? "" : "?";
    for (const auto& field : note.fields)
      line += (line.empty() ? "" : " ") + std::string(field.name) + "=" + field.value;
    list.push_back(line);
  }
  return list;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a feature that a controller asks a phone for is noted in the call that Target-Dialog names") {
  Scene scene;
  simple_call(scene, 20);
  refer(scene, 5, "urn:feature:HoldCall", "r1", "Target-Dialog: call-1;local-tag=agent;remote-tag=caller\r\n");
  refer(scene, 6, "URN:ietf:Feature:DeflectCall;target=sip:1002@pbx.example.com", "call-1", "Refer-Sub: false\r\n");
  refer(scene, 7, "urn:feature:HoldCall", "r3", "Target-Dialog: unknown\r\n");
  refer(scene, 8, "sip:1003@pbx.example.com", "r4", "Target-Dialog: call-1\r\n");
  CHECK(noted(scene) ==
        Lines{"kind=feature-referral feature=HoldCall target_dialog=call-1",
              "kind=feature-referral feature=DeflectCall parameters=target=sip:1002@pbx.example.com refer_sub=false"});
  CHECK(scene.counter("sip.outside_dialogs") == 1);
}

TEST_CASE("a dialog-info NOTIFY is noted dialog by dialog in the calls that it names") {
  Scene scene;
  simple_call(scene, 20);
  notify(scene, 6, "dialog-info+xml",
         "<dialog-info version='7' entity='sip:1001@pbx.example.com'><dialog id='d1' call-id='call-1' "
         "direction='recipient'><state>confirmed</state><local><target uri='sip:1001@10.1.0.21'><param "
         "pname='+sip.rendering' pval='no'/></target></local></dialog><dialog id='d2' call-id='x'/></dialog-info>");
  notify(scene, 7, "dialog-info+xml", "<dialog-info><dialog id='d2' call-id='x'/></dialog-info>");
  notify(scene, 8, "dialog-info+xml", "<dialog-info>");
  CHECK(noted(scene) ==
        Lines{"kind=dialog entity=sip:1001@pbx.example.com version=7 id=d1 dialog_call_id=call-1 "
              "direction=recipient state=confirmed local_target=sip:1001@10.1.0.21 local_rendering=no"});
  CHECK(scene.counter("sip.outside_dialogs") == 2);
}

TEST_CASE("a conference-info NOTIFY is noted in the call whose Contact is the focus, or in its own") {
  Scene scene;
  scene.message(1, kA, kB,
                {.start = "INVITE sip:conf@pbx.example.com", .cseq = "1 INVITE", .sdp = sdp("10.9.0.10:4000")});
  scene.message(2, kB, kA,
                {.start = "200 OK",
                 .cseq = "1 INVITE",
                 .to_tag = "focus",
                 .headers = "Contact: <sip:conf1@pbx.example.com;gr=1>;isfocus\r\n",
                 .sdp = sdp("10.1.0.21:5000")});
  const std::string users =
      "<users><user entity='sip:a@example.com'><endpoint><status>connected</status></endpoint></user></users>";
  notify(scene, 3, "conference-info+xml",
         "<conference-info entity='sip:conf1@pbx.example.com'>" + users + "</conference-info>");
  notify(scene, 4, "conference-info+xml",
         "<conference-info entity='sip:conf2@pbx.example.com'>" + users + "</conference-info>");
  // The same room, by the host that it signals from.
  notify(scene, 4.5, "conference-info+xml",
         "<conference-info entity='sip:conf1@example.org'>" + users + "</conference-info>");
  notify(scene, 5, "conference-info+xml", "<conference-info version='9'>" + users + "</conference-info>", "call-1");
  CHECK(noted(scene) ==
        Lines{"kind=conference entity=sip:conf1@pbx.example.com user=sip:a@example.com status=connected",
              "kind=conference entity=sip:conf1@example.org user=sip:a@example.com status=connected",
              "kind=conference version=9 user=sip:a@example.com status=connected"});
}
