// Which messages pause a conversation, from when to when, and which do not.
#include <algorithm>
#include <catch2/catch.hpp>

#include "calls/pause_command.h"
#include "tests/calls/marked_call.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::GapReason;
using calls::PauseEnd;

TEST_CASE("a pause holds from its request, a resume from its 2xx") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 8, "off", 1);
  record(scene, 12, "on", 2);
  scene.play();
  check_pauses(scene, {{8, 12.1}});
  const calls::Pause& pause = scene.interactions.front().pauses.front();
  CHECK(pause.opened.rule == "info-record");
  CHECK(pause.opened.message == "INFO");
  CHECK(pause.opened.call_id == "call-1");
  CHECK(pause.opened.from == "sip:1001@pbx.example.com");
  REQUIRE(pause.closed);
  CHECK(pause.closed->message == "200 INFO");
  CHECK(pause.how == PauseEnd::Resume);
  CHECK(reasons(scene) == std::vector<std::string>{"paused", "waits for its 2xx", "resumed"});
}

TEST_CASE("nothing that came in a pause is kept, and the recordings have a gap there") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 8, "off", 1);
  record(scene, 12, "on", 2);
  scene.play();
  const calls::Interaction& interaction = scene.interactions.front();
  // 16 s of 50 packets but for 4.1 s, in each of two streams.
  for (const auto& [track, packets] : scene.kept) CHECK(packets == Approx(800 - 205).margin(2));
  REQUIRE(interaction.dialogs.size() == 1);
  const calls::RecordingPlan& plan = interaction.dialogs.front().recording.front();
  REQUIRE(plan.gaps.size() == 1);
  CHECK(plan.gaps.front().reason == GapReason::Pci);
  CHECK(plan.gaps.front().channels == std::vector{0, 1});
  CHECK(plan.gaps.front().pause == interaction.pauses.front());
  for (const calls::ChannelPlan& channel : plan.channels) {
    REQUIRE(channel.spans.size() == 2);
    CHECK(channel.spans[0].to == scene_time(8));
    CHECK(channel.spans[1].from == scene_time(12.1));
  }
}

TEST_CASE("what was handed on before a late pause is erased") {
  calls::Rules with_roll = rules();
  with_roll.pauses.markers = {{.name = "late",
                               .method = "INFO",
                               .header = "Record",
                               .pause = "off",
                               .resume = "on",
                               .pre_roll = std::chrono::seconds(2),
                               .post_roll = std::chrono::milliseconds(500)}};
  Scene scene(with_roll);
  simple_call(scene, 20);
  record(scene, 10, "off", 1);
  record(scene, 12, "on", 2);
  scene.play();
  check_pauses(scene, {{8, 12.6}});
  REQUIRE(scene.erased.size() == 2);
  for (const Scene::Erased& erased : scene.erased) {
    CHECK(erased.from == scene_time(8));
    CHECK(erased.to == Time::max());
  }
}

TEST_CASE("a pause counts whatever its answer, a resume that is not accepted does not") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 8, "off", 1, "403 Forbidden");
  record(scene, 10, "on", 2, "481 Call/Transaction Does Not Exist");
  record(scene, 11, "on", 3, "");
  record(scene, 12, "on", 4, "100 Trying");
  record(scene, 14, "on", 5, "202 Accepted");
  scene.play();
  check_pauses(scene, {{8, 14.1}});
}

TEST_CASE("what nobody resumes lasts until the end of the call") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 8, "off", 1);
  scene.play();
  check_pauses(scene, {{8, 20}});
  CHECK(scene.interactions.front().pauses.front().how == PauseEnd::CallEnd);
}

TEST_CASE("retransmissions and copies count once, also after the resume") {
  Scene scene(rules());
  simple_call(scene, 20);
  for (const double at : {8.0, 8.001, 8.5}) record(scene, at, "off", 1);
  for (const double at : {10.0, 10.001}) record(scene, at, "on", 2);
  record(scene, 14, "off", 1);
  record(scene, 16, "on", 2);
  scene.play();
  check_pauses(scene, {{8, 10.1}});
  CHECK(std::ranges::count(reasons(scene), "repeated") == 5);
}

TEST_CASE("a copy of the resume cannot end a later pause") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 8, "off", 1);
  record(scene, 10, "on", 2);
  record(scene, 12, "off", 3);
  record(scene, 13, "on", 2);
  scene.play();
  check_pauses(scene, {{8, 10.1}, {12, 20}});
}

TEST_CASE("the customer can neither pause nor resume, unless a rule lets everybody") {
  Scene scene(rules());
  simple_call(scene, 20);
  inside(scene, 6, {.cseq = 5, .headers = "Record: off\r\n", .by_customer = true});
  record(scene, 8, "off", 1);
  inside(scene, 10, {.cseq = 6, .headers = "Record: on\r\n", .by_customer = true});
  scene.play();
  check_pauses(scene, {{8, 20}});
  CHECK(reasons(scene) == std::vector<std::string>{"from the customer's side", "paused", "from the customer's side"});
  CHECK(scene.counter("pause.refused_markers") == 2);

  calls::Rules anybody = rules();
  anybody.pauses.markers = {
      {.name = "all", .side = pause::Side::Any, .header = "Record", .pause = "off", .resume = "on"}};
  Scene open(anybody);
  simple_call(open, 20);
  inside(open, 6, {.cseq = 5, .headers = "Record: off\r\n", .by_customer = true});
  open.play();
  check_pauses(open, {{6, 20}});
}

TEST_CASE("a host that is configured as a controller or as the PBX is heard") {
  for (const bool controller : {true, false}) {
    calls::Rules with = rules();
    if (controller) {
      with.pauses.controllers = {*Cidr::parse("10.9.0.0/24")};
    } else {
      with.parties.push_back({.ip = Cidr::parse("10.9.0.10"), .role = calls::Role::Pbx});
    }
    Scene scene(with);
    simple_call(scene, 20);
    inside(scene, 6, {.cseq = 5, .headers = "Record: off\r\n", .by_customer = true});
    scene.play();
    check_pauses(scene, {{6, 20}});
  }
}

TEST_CASE("a=record pauses by its transitions") {
  Scene scene(rules());
  simple_call(scene, 20);
  inside(scene, 8, {.method = "INVITE", .cseq = 1, .sdp = describe("paused")});
  inside(scene, 9, {.method = "UPDATE", .cseq = 2, .sdp = describe("paused")});
  inside(scene, 9.5, {.method = "INVITE", .cseq = 3, .sdp = sdp("10.1.0.21:6000")});
  inside(scene, 10, {.method = "INVITE", .cseq = 4, .answer = "488 Not Acceptable Here", .sdp = describe("on")});
  inside(scene, 12, {.method = "UPDATE", .cseq = 5, .sdp = describe("on")});
  inside(scene, 14, {.method = "UPDATE", .cseq = 6, .sdp = describe("off")});
  inside(scene, 16, {.method = "UPDATE", .cseq = 7, .sdp = describe("on")});
  scene.play();
  check_pauses(scene, {{8, 12.1}, {14, 16.1}});
}

TEST_CASE("a=record:off that was never on is how some phones write every call") {
  Scene scene(rules());
  simple_call(scene, 20);
  inside(scene, 8, {.method = "INVITE", .cseq = 1, .sdp = describe("off")});
  inside(scene, 10, {.method = "UPDATE", .cseq = 2, .sdp = describe("off")});
  scene.play();
  check_pauses(scene, {});
  CHECK(scene.markers.empty());
}

TEST_CASE("several rules hold each for itself") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 8, "off", 1);
  inside(scene, 9, {.cseq = 2, .headers = "X-AC-Action: pause-siprec\r\n"});
  record(scene, 10, "on", 3);
  inside(scene, 12, {.cseq = 4, .headers = "X-AC-Action: resume-siprec\r\n"});
  scene.play();
  check_pauses(scene, {{8, 12.1}});
  CHECK(reasons(scene)[3] == "still paused by audiocodes");
}

TEST_CASE("a REFER outside of the dialog that names it pauses, and resumes when accepted") {
  const auto refer = [](Scene& scene, double at, const std::string& feature, const std::string& call_id,
                        const std::string& answer, const std::string& from) {
    const Sip request{.start = "REFER sip:1001@pbx.example.com",
                      .cseq = "1 REFER",
                      .from_tag = "desk",
                      .call_id = call_id,
                      .from = "<sip:cti@pbx.example.com>",
                      .headers = "Refer-To: <urn:feature:" + feature +
                                 ">\r\nTarget-Dialog: call-1;local-tag=agent;remote-tag=caller\r\n"};
    scene.message(at, from, kAgent, request);
    Sip response = request;
    response.start = answer;
    response.to_tag = "x";
    response.headers = "";
    scene.message(at + 0.1, kAgent, from, response);
  };
  Scene scene(rules());
  simple_call(scene, 20);
  refer(scene, 8, "PauseRecording", "r1", "603 Decline", kController);
  refer(scene, 10, "ResumeRecording", "r2", "603 Decline", kController);
  refer(scene, 12, "ResumeRecording", "r3", "202 Accepted", kController);
  refer(scene, 14, "PauseRecording", "r4", "202 Accepted", kCustomer);
  scene.play();
  check_pauses(scene, {{8, 12.1}});
  CHECK(reasons(scene).back() == "from the customer's side");
}

TEST_CASE("a leg to a destination pauses while it is up") {
  calls::Rules with = rules();
  with.pauses.markers.push_back({.name = "payment", .destination = "^sip:1001@"});
  Scene scene(with);
  simple_call(scene, 20);
  scene.play();
  check_pauses(scene, {{4, 20}});
  CHECK(scene.interactions.front().pauses.front().opened.rule == "payment");
}

TEST_CASE("a queue that fails closed records nothing until its first resume") {
  calls::Rules with = rules();
  with.pauses.fail_closed = "^sip:1001@";
  Scene scene(with);
  simple_call(scene, 20);
  record(scene, 9, "on", 1);
  scene.play();
  check_pauses(scene, {{1, 9.1}});
}

TEST_CASE("a pause that lasts too long raises the alarm, or ends where the rule says so") {
  calls::Rules with = rules();
  with.pauses.markers.front() = {.name = "short",
                                 .header = "X-Short",
                                 .pause = "yes",
                                 .longest = std::chrono::seconds(5),
                                 .resumes_by_itself = true};
  Scene scene(with);
  simple_call(scene, 200);
  inside(scene, 6, {.cseq = 1, .headers = "X-Short: yes\r\n"});
  record(scene, 20, "off", 2);
  scene.play(201);
  check_pauses(scene, {{6, 11}, {20, 200}});
  CHECK(scene.interactions.front().pauses.front().how == PauseEnd::Timeout);
  CHECK(scene.counter("pause.timeouts") == 1);
  CHECK(scene.counter("pause.alarms") == 2);
}

TEST_CASE("texts of a pause are left out") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 8, "off", 1);
  inside(scene, 6, {.method = "OPTIONS", .cseq = 0});
  scene.message(9, kAgent, kCustomer,
                {.start = "MESSAGE sip:c@10.9.0.10",
                 .cseq = "2 MESSAGE",
                 .from_tag = "agent",
                 .to_tag = "caller",
                 .headers = "Content-Type: text/plain\r\n",
                 .body = "secret"});
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  CHECK(scene.interactions.front().texts.list.empty());
  CHECK(scene.interactions.front().texts.left_out == 1);
}

TEST_CASE("a command pauses an agent's calls, once for each request") {
  Scene scene(rules());
  simple_call(scene, 20);
  scene.play_until(8);
  const calls::PauseCommand command{.id = "r1", .agent = "1001", .by = "desk"};
  CHECK(scene.correlator.command(command).effective);
  const auto again = scene.correlator.command(command);
  CHECK(again.effective);
  CHECK(again.call_ids == std::vector<std::string>{"call-1"});
  CHECK_FALSE(scene.correlator.command({.agent = "1002"}).effective);
  scene.play_until(12);
  CHECK(scene.correlator.command({.action = pause::Action::Resume, .call_id = "call-1"}).effective);
  scene.play();
  REQUIRE(pauses_of(scene).size() == 1);
  CHECK(pauses_of(scene)[0].first == Approx(8).margin(0.15));
  CHECK(pauses_of(scene)[0].second == Approx(12).margin(0.15));
  CHECK(scene.interactions.front().pauses.front().opened.rule == "command");
}

TEST_CASE("codes are understood when messages tell the keys, once for each request") {
  calls::Rules with = rules();
  with.pauses.markers.push_back({.name = "codes", .dtmf_pause = "*91", .dtmf_resume = "*92"});
  Scene scene(with);
  simple_call(scene, 20);
  int cseq = 0;
  const auto key = [&](double at, const std::string& signal, bool by_customer = false) {
    Inside inside_call{
        .cseq = ++cseq, .headers = "Content-Type: application/dtmf-relay\r\n", .by_customer = by_customer};
    inside_call.body = "Signal=" + signal + "\r\nDuration=160\r\n";
    inside(scene, at, inside_call);
    inside(scene, at + 0.01, inside_call);
  };
  for (const auto& [at, signal] :
       {std::pair(8.0, "*"), {8.3, "9"}, {8.6, "1"}, {12.0, "star"}, {12.3, "9"}, {12.6, "2"}})
    key(at, signal);
  for (const auto& [at, signal] : {std::pair(15.0, "*"), {15.3, "9"}, {15.6, "1"}}) key(at, signal, true);
  scene.play();
  check_pauses(scene, {{8, 12.7}});
  CHECK(reasons(scene) == std::vector<std::string>{"paused", "resumed", "from the customer's side"});
}

TEST_CASE("a card's number that a customer keys is a pause, and nobody's digits are told") {
  Scene scene(rules());
  simple_call(scene, 20);
  double at = 8;
  int cseq = 0;
  for (const char digit : std::string("4111111111111111")) {
    Inside key{.cseq = ++cseq, .headers = "Content-Type: application/dtmf\r\n", .by_customer = true};
    key.body = std::string(1, digit);
    inside(scene, at, key);
    at += 0.25;
  }
  scene.play();
  check_pauses(scene, {{8, 11.85}});
  CHECK(scene.interactions.front().pci_suspected);
  CHECK(scene.interactions.front().pauses.front().opened.rule == "keyed-digits");
  CHECK(scene.counter("pause.keyed_digits") > 0);
  CHECK(reasons(scene) == std::vector<std::string>{"keyed without a pause"});
}

TEST_CASE("five digits of a customer are nobody's business") {
  Scene scene(rules());
  simple_call(scene, 20);
  for (int n = 0; n < 5; ++n) {
    Inside key{.cseq = n + 1, .headers = "Content-Type: application/dtmf\r\n", .by_customer = true};
    key.body = "7";
    inside(scene, 8 + n, key);
  }
  scene.play();
  check_pauses(scene, {});
  CHECK_FALSE(scene.interactions.front().pci_suspected);
}

TEST_CASE("a customer with two calls of the conversation is no PBX") {
  Scene scene(rules());
  simple_call(scene, 20);
  scene.message(6, kCustomer, "10.1.0.22:5060",
                {.start = "INVITE sip:1002@pbx.example.com",
                 .cseq = "1 INVITE",
                 .call_id = "call-2",
                 .to = "<sip:1002@pbx.example.com>",
                 .headers = "Replaces: call-1;to-tag=agent;from-tag=caller\r\n",
                 .sdp = sdp("10.9.0.10:4002")});
  record(scene, 8, "off", 1);
  inside(scene, 10, {.cseq = 6, .headers = "Record: on\r\n", .by_customer = true});
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  CHECK(scene.interactions.front().signalling.size() == 2);
  check_pauses(scene, {{8, 20}});
}
