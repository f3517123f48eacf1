#include "calls/user_to_user_notes.h"

#include <catch2/catch.hpp>

#include "calls/noting.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::NoteKind;

namespace {

const std::string kA = "10.9.0.10:5060";
const std::string kProxy = "10.2.0.1:5060";
const std::string kB = "10.1.0.21:5060";

/// The call's notes as `message source value encoding form`.
std::vector<std::string> noted(Scene& scene) {
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  std::vector<std::string> list;
  for (const calls::Note& note : scene.interactions.front().notes.list) {
    if (note.kind != NoteKind::UserToUser) continue;
    CHECK(note.call_id == "call-1");
    std::string text = note.message + " " + note.source.to_string();
    for (const calls::NoteField& field : note.fields) text += " " + std::string(field.name) + "=" + field.value;
    list.push_back(text);
  }
  return list;
}

void invite(Scene& scene, double at, const std::string& from, const std::string& to, const std::string& headers,
            const std::string& cseq = "1 INVITE") {
  scene.message(at, from, to,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = cseq,
                 .branch = "z9hG4bK" + from + cseq,
                 .headers = headers,
                 .sdp = sdp("10.9.0.10:4000")});
}

}  // namespace

TEST_CASE("user-to-user information is noted with its hop, also when a hop changes it, each once") {
  Scene scene;
  invite(scene, 1, kA, kProxy, "User-to-User: 01;encoding=hex\r\n");
  invite(scene, 1.1, kA, kProxy, "User-to-User: 01;encoding=hex\r\n");
  invite(scene, 1.2, kProxy, kB, "User-to-User: 02;encoding=hex\r\n");
  scene.message(2, kB, kProxy,
                {.start = "200 OK",
                 .cseq = "1 INVITE",
                 .to_tag = "callee",
                 .headers = "User-to-User: 03\r\n",
                 .sdp = sdp("10.1.0.21:5000")});
  scene.message(
      3, kA, kB,
      {.start = "BYE sip:1001@10.1.0.21", .cseq = "2 BYE", .to_tag = "callee", .headers = "User-to-User: 04\r\n"});
  CHECK(noted(scene) == std::vector<std::string>{"INVITE 10.9.0.10:5060 form=header value=01 encoding=hex",
                                                 "INVITE 10.2.0.1:5060 form=header value=02 encoding=hex",
                                                 "200 INVITE 10.1.0.21:5060 form=header value=03",
                                                 "BYE 10.9.0.10:5060 form=header value=04"});
}

TEST_CASE("a redirection's Contact hands user-to-user information on to the next INVITE of the call") {
  Scene scene;
  invite(scene, 1, kA, kProxy, "");
  scene.message(1.1, kProxy, kA,
                {.start = "302 Moved Temporarily",
                 .cseq = "1 INVITE",
                 .to_tag = "acd",
                 .headers = "Contact: <sip:1001@pbx.example.com?User-to-User=56a3%3Bencoding%3Dhex>\r\n"});
  invite(scene, 1.2, kA, kB, "User-to-User: 56a3;encoding=hex\r\n", "2 INVITE");
  CHECK(noted(scene) == std::vector<std::string>{"302 INVITE 10.2.0.1:5060 form=contact-header value=56a3 encoding=hex",
                                                 "INVITE 10.9.0.10:5060 form=header value=56a3 encoding=hex"});
}

TEST_CASE("no card number is kept in a note") {
  Scene scene;
  invite(scene, 1, kA, kB, "User-to-User: \"pan 4111 1111 1111 1111\";purpose=4111111111111111\r\n");
  CHECK(noted(scene) ==
        std::vector<std::string>{
            "INVITE 10.9.0.10:5060 form=header value=pan XXXX XXXX XXXX XXXX purpose=XXXXXXXXXXXXXXXX"});
}

TEST_CASE("notes and their fields are bounded, and what is left out is counted") {
  Scene scene;
  for (int n = 0; n < 40; ++n) {
    const std::string value = std::to_string(n) + "-" + std::string(3000, 'a');
    invite(scene, 1 + n * 0.1, kA, kB, "User-to-User: " + value + "\r\n");
  }
  scene.play();
  const calls::Notes& notes = scene.interactions.front().notes;
  REQUIRE(notes.list.size() == calls::kMaxNotes);
  CHECK(notes.left_out[0] == 8);
  CHECK(notes.list.front().fields[1].value.size() == calls::kMaxNoteBytes);
}
