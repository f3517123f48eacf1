#include "calls/closing_notes.h"

#include <catch2/catch.hpp>

#include "calls/text_messages.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

const std::string kA = "10.9.0.10:5060";
const std::string kB = "10.1.0.21:5060";
const std::string kLocal = "7202892d00105000a000ac7e8ab6b729";
const std::string kRemote = "47755a9de7794ba387653f2099600ef2";
const std::string kNil(32, '0');

void invite(Scene& scene, const std::string& headers) {
  scene.message(1, kA, kB,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .headers = headers,
                 .sdp = sdp("10.9.0.10:4000")});
}

void answer(Scene& scene, const std::string& headers) {
  scene.message(
      2, kB, kA,
      {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "callee", .headers = headers, .sdp = sdp("10.1.0.21:5000")});
}

void text(Scene& scene, double at, const std::string& cseq, const std::string& body,
          const std::string& type = "text/plain", const std::string& call_id = "call-1") {
  scene.message(at, kA, kB,
                {.start = "MESSAGE sip:1001@pbx.example.com",
                 .cseq = cseq + " MESSAGE",
                 .to_tag = "callee",
                 .call_id = call_id,
                 .headers = "Content-Type: " + type + "\r\n",
                 .body = body});
}

const calls::Interaction& only(const Scene& scene) {
  REQUIRE(scene.interactions.size() == 1);
  return scene.interactions.front();
}

}  // namespace

TEST_CASE("the caller's PASSporT goes to the caller's party, a redirection's to none") {
  Scene scene;
  invite(scene, "Identity: YQ.Yg.Yw;ppt=div\r\nIdentity: YWJj.YWJj.YWJj;info=<https://example.org/c>;ppt=shaken\r\n");
  answer(scene, "Identity: eeee.eeee.eeee;info=<https://example.org/c>\r\n");
  scene.play();
  CHECK(only(scene).parties[0].stir == "YWJj.YWJj.YWJj");
  CHECK(only(scene).parties[1].stir.empty());
}

TEST_CASE("each party's session id is as it sent it, filled in from the other end") {
  Scene scene;
  invite(scene, "Session-ID: " + kLocal + ";remote=" + kNil + "\r\n");
  answer(scene, "Session-ID: " + kRemote + ";remote=" + kLocal + "\r\n");
  scene.play();
  const auto& sessions = only(scene).sessions;
  REQUIRE(sessions.size() == 2);
  CHECK((sessions[0].party == 0 && sessions[0].local == kLocal && sessions[0].remote == kRemote));
  CHECK((sessions[1].party == 1 && sessions[1].local == kRemote && sessions[1].remote == kLocal));
}

TEST_CASE("an end that told nothing has no session id, and one that knows no other has the null UUID there") {
  Scene scene;
  invite(scene, "Session-ID: " + kLocal + "\r\n");
  answer(scene, "");
  scene.play();
  const auto& sessions = only(scene).sessions;
  REQUIRE(sessions.size() == 1);
  CHECK((sessions[0].party == 0 && sessions[0].local == kLocal && sessions[0].remote == kNil));
}

TEST_CASE("what a MESSAGE in the dialog says is kept once, without card numbers, other bodies are not") {
  Scene scene;
  invite(scene, "");
  answer(scene, "");
  text(scene, 3, "2", "my card is 4111 1111 1111 1111", "Text/Plain;charset=utf-8");
  text(scene, 3.1, "2", "my card is 4111 1111 1111 1111");
  text(scene, 4, "3", "<isComposing/>", "application/im-iscomposing+xml");
  text(scene, 5, "4", "alone", "text/plain", "other-call");
  scene.play();
  const auto& texts = only(scene).texts.list;
  REQUIRE(texts.size() == 1);
  CHECK(texts[0].party == 0);
  CHECK(scene_seconds(texts[0].time) == Approx(3));
  CHECK(texts[0].mediatype == "text/plain");
  CHECK(texts[0].text == "my card is XXXX XXXX XXXX XXXX");
  CHECK(scene.counter("sip.texts_outside_dialogs") == 1);
}

TEST_CASE("texts are bounded in number and length, and what is left out is counted") {
  Scene scene;
  invite(scene, "");
  for (int n = 0; n < 70; ++n) text(scene, 2 + n * 0.1, std::to_string(n + 2), std::string(17'000, 'a'));
  scene.play();
  CHECK(only(scene).texts.list.size() == calls::kMaxTexts);
  CHECK(only(scene).texts.left_out == 6);
  CHECK(only(scene).texts.list.front().text.size() == calls::kMaxTextBytes);
  CHECK(scene.counter("calls.notes_left_out") == 6);
}

TEST_CASE("a text that both dialogs of a back-to-back agent carried is one") {
  const Time time = scene_time(1);
  calls::Call first;
  first.texts.list = {{.party = 0, .time = time, .mediatype = "text/plain", .text = "yes"},
                      {.party = 0, .time = time, .mediatype = "text/plain", .text = "yes"}};
  calls::Call second = first;
  second.texts.list[0].time += std::chrono::milliseconds(20);
  second.texts.list[1] = {.party = 1, .time = time, .mediatype = "text/plain", .text = "yes"};
  calls::Interaction interaction;
  interaction.parties.resize(3);
  std::vector<calls::Leg> legs(2);
  legs[0].call = &first;
  legs[0].party = {0, 1};
  legs[1].call = &second;
  legs[1].party = {0, 2};
  calls::close_notes(legs, interaction);
  REQUIRE(interaction.texts.list.size() == 3);
  CHECK(interaction.texts.list[2].party == 2);
}

TEST_CASE("fields of the map come with the conversation, the contact list with its customer") {
  calls::Rules rules;
  rules.fields = {
      {.field = calls::MapField::Campaign, .source = calls::MapSource::Header, .name = "X-Campaign", .pattern = "(.*)"},
      {.field = calls::MapField::ContactList,
       .source = calls::MapSource::Dialled,
       .pattern = "1001",
       .value = "autumn"}};
  Scene scene(rules);
  invite(scene, "");
  answer(scene, "X-Campaign: recall\r\n");
  scene.play();
  CHECK(only(scene).fields.campaign == "recall");
  CHECK(only(scene).fields.skill.empty());
  CHECK(only(scene).parties[0].role == calls::Role::Customer);
  CHECK(only(scene).parties[0].contact_list == "autumn");
}
