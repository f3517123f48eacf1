// Messages that must not resume, although they look like it, and markers that must not be missed.
#include <catch2/catch.hpp>

#include "tests/calls/marked_call.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

/// What the agent's phone sends, as it stands.
Sip from_agent(const std::string& start, const std::string& cseq) {
  Sip message{.start = start, .cseq = cseq, .from_tag = "agent", .to_tag = "caller", .branch = "z9hG4bK" + cseq};
  std::swap(message.from, message.to);
  return message;
}

void answer(Scene& scene, double at, Sip request, const std::string& status) {
  request.start = status;
  request.headers.clear();
  request.sdp.clear();
  scene.message(at, kCustomer, kAgent, request);
}

}  // namespace

TEST_CASE("the ACK of what was refused does not resume") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 6, "off", 1);
  Sip invite = from_agent("INVITE sip:peer@10.0.0.1", "2 INVITE");
  invite.headers = "Record: on\r\n";
  invite.sdp = sdp("10.1.0.21:6000");
  scene.message(8, kAgent, kCustomer, invite);
  answer(scene, 8.1, invite, "488 Not Acceptable Here");
  Sip ack = invite;
  ack.start = "ACK sip:peer@10.0.0.1";
  ack.cseq = "2 ACK";
  ack.sdp.clear();
  scene.message(8.2, kAgent, kCustomer, ack);
  scene.play();
  check_pauses(scene, {{6, 20}});
}

TEST_CASE("an older resume's 2xx does not end a pause that was asked for since") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 6, "off", 1);
  Sip on = from_agent("INFO sip:peer@10.0.0.1", "2 INFO");
  on.headers = "Record: on\r\n";
  scene.message(8, kAgent, kCustomer, on);
  record(scene, 8.5, "off", 3);
  answer(scene, 9, on, "200 OK");
  scene.play();
  check_pauses(scene, {{6, 20}});
  CHECK(reasons(scene).back() == "paused again since it was asked for");
}

TEST_CASE("what begins a dialog does not resume: the ACK with the answer, PRACK, and an early UPDATE") {
  calls::Rules closed = rules();
  closed.pauses.fail_closed = "^sip:1001@";
  Scene scene(closed);
  const std::string on = sdp("10.9.0.10:7000", "sendrecv", "0 101", "a=record:on\r\n");
  scene.message(1, kCustomer, kAgent, {.start = "INVITE sip:1001@pbx.example.com", .cseq = "1 INVITE"});
  scene.message(2, kAgent, kCustomer,
                {.start = "183 Session Progress", .cseq = "1 INVITE", .to_tag = "agent", .sdp = describe("on")});
  Sip update{.start = "UPDATE sip:1001@10.1.0.21", .cseq = "2 UPDATE", .to_tag = "agent", .sdp = on};
  scene.message(3, kCustomer, kAgent, update);
  update.start = "200 OK";
  update.sdp = describe("on");
  scene.message(3.1, kAgent, kCustomer, update);
  scene.message(4, kAgent, kCustomer,
                {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent", .sdp = describe("on")});
  scene.message(4.1, kCustomer, kAgent,
                {.start = "ACK sip:1001@10.1.0.21", .cseq = "1 ACK", .to_tag = "agent", .sdp = on});
  scene.rtp({.from = "10.9.0.10:7000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 4, .end = 12});
  scene.message(12, kCustomer, kAgent, {.start = "BYE sip:1001@10.1.0.21", .cseq = "9 BYE", .to_tag = "agent"});
  scene.message(12.1, kAgent, kCustomer, {.start = "200 OK", .cseq = "9 BYE", .to_tag = "agent"});
  scene.play();
  check_pauses(scene, {{1, 12}});
}

TEST_CASE("an SDP that negotiates nothing does not resume") {
  Scene scene(rules());
  simple_call(scene, 20);
  inside(scene, 6, {.method = "UPDATE", .cseq = 1, .sdp = describe("paused")});
  Sip options{.start = "OPTIONS sip:1001@10.1.0.21", .cseq = "4 OPTIONS", .to_tag = "agent"};
  scene.message(8, kCustomer, kAgent, options);
  options.start = "200 OK";
  options.sdp = describe("on");
  scene.message(8.1, kAgent, kCustomer, options);
  scene.play();
  check_pauses(scene, {{6, 20}});
}

TEST_CASE("an initial on leaves an earlier paused, so that the next on resumes") {
  Scene scene(rules());
  scene.message(1, kCustomer, kAgent,
                {.start = "INVITE sip:1001@pbx.example.com", .cseq = "1 INVITE", .sdp = sdp("10.9.0.10:7000")});
  scene.message(2, kAgent, kCustomer,
                {.start = "183 Session Progress", .cseq = "1 INVITE", .to_tag = "agent", .sdp = describe("paused")});
  scene.message(4, kAgent, kCustomer,
                {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent", .sdp = describe("on")});
  scene.message(4.1, kCustomer, kAgent, {.start = "ACK sip:1001@10.1.0.21", .cseq = "1 ACK", .to_tag = "agent"});
  scene.rtp({.from = "10.9.0.10:7000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 4, .end = 12});
  inside(scene, 8, {.method = "INVITE", .cseq = 1, .sdp = describe("on")});
  scene.message(12, kCustomer, kAgent, {.start = "BYE sip:1001@10.1.0.21", .cseq = "9 BYE", .to_tag = "agent"});
  scene.play();
  check_pauses(scene, {{2, 8.1}});
}

TEST_CASE("the 2xx of another dialog or another host accepts nothing") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 6, "off", 1);
  Sip on = from_agent("INFO sip:peer@10.0.0.1", "2 INFO");
  on.headers = "Record: on\r\n";
  scene.message(8, kAgent, kCustomer, on);
  Sip foreign = on;
  foreign.to_tag = "another";
  answer(scene, 8.1, foreign, "200 OK");
  Sip forged = on;
  forged.start = "200 OK";
  forged.headers.clear();
  scene.message(8.2, "10.66.0.1:5060", kAgent, forged);
  scene.play();
  check_pauses(scene, {{6, 20}});
}

TEST_CASE("the customer's host does not pass as the agent by swapped tags") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 6, "off", 1);
  Sip on = from_agent("INFO sip:peer@10.0.0.1", "2 INFO");
  on.headers = "Record: on\r\n";
  scene.message(8, kCustomer, kAgent, on);
  on.start = "200 OK";
  on.headers.clear();
  scene.message(8.1, kAgent, kCustomer, on);
  scene.play();
  check_pauses(scene, {{6, 20}});
  CHECK(reasons(scene).back() == "from the customer's side");
}

TEST_CASE("who does not know both tags names no dialog") {
  Scene scene(rules());
  simple_call(scene, 20);
  record(scene, 6, "off", 1);
  for (const char* tags :
       {"local-tag=0;remote-tag=0", "local-tag=agent;remote-tag=agent", "local-tag=agent;remote-tag=0"}) {
    const Sip request{
        .start = "REFER sip:1001@pbx.example.com",
        .cseq = "1 REFER",
        .from_tag = "desk",
        .call_id = std::string("r") + tags,
        .from = "<sip:cti@pbx.example.com>",
        .headers = std::string("Refer-To: <urn:feature:ResumeRecording>\r\nTarget-Dialog: call-1;") + tags + "\r\n"};
    scene.message(8, kController, kAgent, request);
    Sip accepted = request;
    accepted.start = "202 Accepted";
    accepted.to_tag = "x";
    accepted.headers.clear();
    scene.message(8.1, kAgent, kController, accepted);
  }
  scene.play();
  check_pauses(scene, {{6, 20}});
}

TEST_CASE("markers of other rules do not make the recorder forget whom it refused") {
  calls::Rules with = rules();
  with.parties.push_back({.ip = Cidr::parse("10.2.0.30"), .role = calls::Role::Pbx});
  Scene scene(with);
  simple_call(scene, 20);
  record(scene, 6, "off", 1);
  inside(scene, 8, {.cseq = 5, .headers = "Record: on\r\n", .by_customer = true});
  for (int n = 0; n < 40; ++n)
    inside(scene, 8.2 + n * 0.01, {.cseq = 10 + n, .headers = "X-AC-Action: resume-siprec\r\n", .by_customer = true});
  // The PBX passes it on.
  Sip on{.start = "INFO sip:1001@10.1.0.21", .cseq = "90 INFO", .to_tag = "agent", .headers = "Record: on\r\n"};
  scene.message(9, kController, kAgent, on);
  on.start = "200 OK";
  on.headers.clear();
  scene.message(9.1, kAgent, kController, on);
  scene.play();
  check_pauses(scene, {{6, 20}});
}

TEST_CASE("a pause counts with any CSeq: 0, below another method's, and of another branch") {
  Scene zero(rules());
  simple_call(zero, 20);
  record(zero, 6, "off", 0);
  zero.play();
  check_pauses(zero, {{6, 20}});

  Scene lower(rules());
  simple_call(lower, 20);
  inside(lower, 5, {.method = "UPDATE", .cseq = 5000, .headers = "Record: on\r\n", .sdp = describe("on")});
  record(lower, 6, "off", 7);
  lower.play();
  check_pauses(lower, {{6, 20}});
}

TEST_CASE("a folded header marks as it would in one line") {
  Scene scene(rules());
  simple_call(scene, 20);
  inside(scene, 6, {.cseq = 1, .headers = "X-AC-Action: pause-siprec;\r\n recording-ip-group=a\r\n"});
  scene.play();
  check_pauses(scene, {{6, 20}});
}

TEST_CASE("MSML that was not carried out does not resume, although its INFO was answered with 200") {
  for (const bool done : {false, true}) {
    Scene scene(rules());
    simple_call(scene, 20);
    const auto msml = [&](double at, int cseq, const std::string& event, const std::string& result) {
      Sip info = from_agent("INFO sip:peer@10.0.0.1", std::to_string(cseq) + " INFO");
      info.headers = "Content-Type: application/msml+xml\r\n";
      info.body = "<msml version=\"1.1\"><m:send xmlns:m=\"x\" target=\"conn:1\" event=\"" + event + "\"/></msml>";
      scene.message(at, kAgent, kCustomer, info);
      info.start = "200 OK";
      info.body = "<msml version=\"1.1\"><result response=\"" + result + "\"/></msml>";
      scene.message(at + 0.1, kCustomer, kAgent, info);
    };
    msml(6, 1, "pause", "200");
    msml(8, 2, "resume", done ? "200" : "423");
    scene.play();
    check_pauses(scene, {{6, done ? 8.1 : 20}});
  }
}

TEST_CASE("toggles of one dialog count however fast they follow, their copies on another leg do not") {
  calls::Rules with = rules();
  with.pauses.markers = {{.name = "toggle", .method = "INFO", .header = "X-Toggle", .toggle = "1"}};
  Scene scene(with);
  simple_call(scene, 20);
  for (int n = 0; n < 4; ++n) inside(scene, 6 + n * 0.5, {.cseq = 1 + n, .headers = "X-Toggle: 1\r\n"});
  scene.play();
  check_pauses(scene, {{6, 6.6}, {7, 7.6}});
}

TEST_CASE("a leg leaves a payment host when that is accepted, not when it is asked for") {
  calls::Rules with = rules();
  with.pauses.markers.push_back({.name = "payment", .destination_ip = Cidr::parse("10.7.0.9")});
  Scene scene(with);
  simple_call(scene, 20);
  inside(scene, 6, {.method = "INVITE", .cseq = 1, .sdp = sdp("10.7.0.9:6000")});
  inside(scene, 8, {.method = "INVITE", .cseq = 2, .answer = "491 Request Pending", .sdp = sdp("10.1.0.21:6000")});
  inside(scene, 10, {.method = "INVITE", .cseq = 3, .sdp = sdp("10.1.0.21:6000")});
  scene.play();
  check_pauses(scene, {{6, 10.1}});
}

TEST_CASE("a queue fails closed by the name under which a later hop calls it") {
  calls::Rules closed = rules();
  closed.pauses.fail_closed = "^sip:payments@";
  Scene scene(closed);
  simple_call(scene, 20);
  scene.message(1.5, "10.2.0.30:5060", kAgent,
                {.start = "INVITE sip:payments@pbx.example.com", .cseq = "1 INVITE", .sdp = sdp("10.9.0.10:7000")});
  scene.play();
  check_pauses(scene, {{1, 20}});
}

TEST_CASE("a recording session ends only its own pause") {
  const auto session = [](Scene& scene, double at, const std::string& call_id, int cseq, const std::string& direction) {
    const std::string metadata =
        "<recording xmlns='urn:ietf:params:xml:ns:recording:1'><participant><nameID aor='sip:1001@pbx.example.com'/>"
        "</participant><participant><nameID aor='sip:+12025550101@trunk.example.net'/></participant></recording>";
    const std::string type = "Content-Type: multipart/mixed;boundary=b\r\n";
    Sip invite{.start = "INVITE sip:srs@rec.example.com",
               .cseq = std::to_string(cseq) + " INVITE",
               .from_tag = "src" + call_id,
               .to_tag = cseq > 1 ? "srs" : "",
               .call_id = call_id,
               .branch = "z9hG4bK" + call_id + std::to_string(cseq),
               .from = "<sip:src@sbc.example.com>",
               .to = "<sip:srs@rec.example.com>",
               .headers = "Require: siprec\r\n" + type};
    invite.body = "--b\r\nContent-Type: application/sdp\r\n\r\n" + sdp("10.2.0.40:7000", direction, "0") +
                  "\r\n--b\r\nContent-Type: application/rs-metadata+xml\r\n\r\n" + metadata + "\r\n--b--\r\n";
    scene.message(at, "10.2.0.40:5060", "10.2.0.41:5060", invite);
    invite.start = "200 OK";
    invite.headers.clear();
    invite.body.clear();
    invite.to_tag = "srs";
    scene.message(at + 0.1, "10.2.0.41:5060", "10.2.0.40:5060", invite);
  };
  for (const std::string resumes : {"rs-1", "rs-2"}) {
    Scene scene(rules());
    simple_call(scene, 20);
    session(scene, 5, "rs-1", 1, "sendonly");
    session(scene, 5.5, "rs-2", 1, "inactive");
    session(scene, 5.8, "rs-2", 2, "sendonly");
    session(scene, 8, "rs-1", 2, "inactive");
    session(scene, 12, resumes, 3, "sendonly");
    scene.play();
    if (resumes == "rs-1") {
      check_pauses(scene, {{5.5, 5.9}, {8, 12.1}});
    } else {
      check_pauses(scene, {{5.5, 5.9}, {8, 20}});
    }
  }
}
