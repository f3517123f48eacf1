#include "calls/supervision.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::SupervisionKind;

namespace {

const std::string kSupervisor = "10.1.0.41:5060";
const std::string kAgent = "10.1.0.21:5060";

calls::Rules roles() {
  calls::Rules rules;
  rules.parties = {{.uri = "^sip:1[0-9]{3}@", .role = calls::Role::Agent},
                   {.uri = "^sip:2[0-9]{3}@", .role = calls::Role::Supervisor}};
  return rules;
}

void message(Scene& scene, double at, bool to_agent, Sip sip) {
  sip.call_id = "call-2";
  sip.from_tag = "boss";
  sip.from = "<sip:2001@pbx.example.com>";
  scene.message(at, to_agent ? kSupervisor : kAgent, to_agent ? kAgent : kSupervisor, sip);
}

/// A customer's call from 4 to 20, and a supervisor's INVITE with Join at 6.
void joined_call(Scene& scene, const std::string& direction) {
  simple_call(scene, 20);
  message(scene, 6, true,
          {.start = "INVITE sip:1001@10.1.0.21",
           .cseq = "1 INVITE",
           .branch = "z9hG4bKs1",
           .headers = "Join: call-1;to-tag=agent;from-tag=caller\r\n",
           .sdp = sdp("10.1.0.41:7000", direction)});
  message(scene, 6.1, false,
          {.start = "200 OK",
           .cseq = "1 INVITE",
           .to_tag = "joined",
           .branch = "z9hG4bKs1",
           .sdp = sdp("10.1.0.21:6002", direction == "recvonly" ? "sendonly" : direction)});
  message(scene, 6.2, true,
          {.start = "ACK sip:1001@10.1.0.21", .cseq = "1 ACK", .to_tag = "joined", .branch = "z9hG4bKs2"});
}

/// The supervisor's end of it at `at`.
void leave(Scene& scene, double at) {
  message(scene, at, true,
          {.start = "BYE sip:1001@10.1.0.21", .cseq = "9 BYE", .to_tag = "joined", .branch = "z9hG4bKs9"});
}

std::vector<calls::Supervision> supervised(Scene& scene) {
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  return scene.interactions.front().supervision;
}

}  // namespace

TEST_CASE("a supervisor who only receives monitors") {
  Scene scene(roles());
  joined_call(scene, "recvonly");
  leave(scene, 12);
  const auto found = supervised(scene);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == SupervisionKind::Monitor);
  CHECK(found[0].call_id == "call-2");
  CHECK(scene_seconds(found[0].from) == Approx(6.1));
  CHECK(scene_seconds(found[0].to) == Approx(12));
}
TEST_CASE("a supervisor who may be heard barges in where media does not tell, from the re-INVITE on") {
  Scene scene(roles());
  joined_call(scene, "recvonly");
  message(scene, 8, true,
          {.start = "INVITE sip:1001@10.1.0.21",
           .cseq = "2 INVITE",
           .to_tag = "joined",
           .branch = "z9hG4bKs3",
           .sdp = sdp("10.1.0.41:7000", "sendrecv")});
  message(scene, 8.1, false,
          {.start = "200 OK",
           .cseq = "2 INVITE",
           .to_tag = "joined",
           .branch = "z9hG4bKs3",
           .sdp = sdp("10.1.0.21:6002", "sendrecv")});
  scene.rtp({.from = "10.1.0.41:7000", .to = "10.1.0.21:6002", .ssrc = 9, .begin = 8.2, .end = 12});
  leave(scene, 12);
  const auto found = supervised(scene);
  REQUIRE(found.size() == 2);
  CHECK(found[0].kind == SupervisionKind::Monitor);
  CHECK(found[1].kind == SupervisionKind::BargeIn);
  CHECK(scene_seconds(found[1].from) == Approx(8));
  CHECK(calls::whispers_of(found, "call-2").empty());
}
TEST_CASE("what a supervisor does while the customer is held is no supervision") {
  Scene scene(roles());
  joined_call(scene, "sendrecv");
  scene.message(9, kAgent, "10.9.0.10:5060",
                {.start = "INVITE sip:c@10.9.0.10",
                 .cseq = "5 INVITE",
                 .from_tag = "agent",
                 .to_tag = "caller",
                 .branch = "z9hG4bKh",
                 .from = "<sip:1001@pbx.example.com>",
                 .to = "<sip:+12025550101@trunk.example.net>",
                 .sdp = sdp("10.1.0.21:6000", "sendonly")});
  scene.message(9.1, "10.9.0.10:5060", kAgent,
                {.start = "200 OK",
                 .cseq = "5 INVITE",
                 .from_tag = "agent",
                 .to_tag = "caller",
                 .branch = "z9hG4bKh",
                 .sdp = sdp("10.9.0.10:4000", "recvonly")});
  leave(scene, 12);
  const auto found = supervised(scene);
  REQUIRE(found.size() == 1);
  CHECK(scene_seconds(found[0].to) == Approx(9));
}
TEST_CASE("whispers of a call are its whispers alone") {
  const std::vector<calls::Supervision> list{
      {.kind = SupervisionKind::Whisper, .from = scene_time(1), .to = scene_time(2), .call_id = "a", .evidence = {}},
      {.kind = SupervisionKind::Monitor, .from = scene_time(3), .to = scene_time(4), .call_id = "a", .evidence = {}},
      {.kind = SupervisionKind::Whisper, .from = scene_time(5), .to = scene_time(6), .call_id = "b", .evidence = {}}};
  const auto found = calls::whispers_of(list, "a");
  REQUIRE(found.size() == 1);
  CHECK(found[0].start == scene_time(1));
}
