#include <catch2/catch.hpp>
#include <cmath>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::DialogKind;
using calls::Use;
using namespace std::chrono_literals;

namespace {

const std::string kA = "10.9.0.10:5060";
const std::string kProxy = "10.2.0.1:5060";
const std::string kB = "10.1.0.21:5060";
const std::string kC = "10.1.0.22:5060";

const calls::Interaction& only(const Scene& scene) {
  REQUIRE(scene.interactions.size() == 1);
  REQUIRE(scene.interactions.front().dialogs.size() == 1);
  return scene.interactions.front();
}

void invite(Scene& scene, double at, const std::string& from, const std::string& to, const std::string& branch,
            const std::string& media) {
  scene.message(at, from, to,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .branch = branch,
                 .sdp = media.empty() ? "" : sdp(media)});
}

void answer(Scene& scene, double at, const std::string& from, const std::string& to, const std::string& status,
            const std::string& branch, const std::string& tag, const std::string& media = "") {
  scene.message(
      at, from, to,
      {.start = status, .cseq = "1 INVITE", .to_tag = tag, .branch = branch, .sdp = media.empty() ? "" : sdp(media)});
}

}  // namespace

TEST_CASE("correlation keys are kept whichever message tells them, each once") {
  Scene scene;
  const std::string local = "7202892d00105000a000ac7e8ab6b729";
  const std::string remote = "47755a9de7794ba387653f2099600ef2";
  scene.message(1, kA, kB,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .headers = "Session-ID: " + local + ";remote=00000000000000000000000000000000\r\n",
                 .sdp = sdp("10.9.0.10:4000")});
  scene.message(2, kB, kA,
                {.start = "200 OK",
                 .cseq = "1 INVITE",
                 .to_tag = "callee",
                 .headers = "Session-ID: " + remote + ";remote=" + local + "\r\n",
                 .sdp = sdp("10.1.0.21:5000")});
  scene.message(3, kA, kB,
                {.start = "BYE sip:1001@pbx.example.com",
                 .cseq = "2 BYE",
                 .to_tag = "callee",
                 .headers = "X-CID: first-leg@pbx\r\n"});
  scene.play();
  const auto& keys = only(scene).signalling.front().keys;
  REQUIRE(keys.size() == 3);
  CHECK((keys[0].kind == "session-id" && keys[0].value == local));
  CHECK((keys[1].kind == "session-id" && keys[1].value == remote));
  CHECK((keys[2].kind == "x-cid" && keys[2].value == "first-leg@pbx"));
}

TEST_CASE("a call from INVITE to BYE is one recording from the answer to the BYE") {
  Scene scene;
  simple_call(scene, 20);
  scene.play();
  const auto& interaction = only(scene);
  const auto& dialog = interaction.dialogs.front();
  CHECK(dialog.kind == DialogKind::Recording);
  CHECK(scene_seconds(dialog.start) == Approx(4));
  CHECK(scene_seconds(dialog.end) == Approx(20));
  CHECK(interaction.disposition == "answered");
  REQUIRE(interaction.signalling.size() == 1);
  CHECK(interaction.signalling.front().ended_by == "bye caller");
  CHECK(interaction.signalling.front().final_status == 200);
  REQUIRE(interaction.tracks.size() == 2);
  for (const auto& track : interaction.tracks) {
    CHECK(track.use == Use::Recording);
    CHECK(track.stats.packets == 800);
    CHECK(scene.kept.at(track.id) == 800);
  }
  const auto& channels = dialog.recording.front().channels;
  CHECK(interaction.tracks[channels[0].spans.front().track].sender == calls::Side::Caller);
  CHECK(interaction.tracks[channels[1].spans.front().track].sender == calls::Side::Callee);
}

TEST_CASE("retransmissions and copies of messages change nothing") {
  Scene scene;
  simple_call(scene, 20);
  for (const double at : {1.5, 1.9}) invite(scene, at, kA, kB, "z9hG4bK1", "10.9.0.10:4000");
  answer(scene, 4.5, kB, kA, "200 OK", "z9hG4bK1", "agent", "10.1.0.21:6000");
  scene.message(20.5, kA, kB,
                {.start = "BYE sip:1001@10.1.0.21", .cseq = "2 BYE", .to_tag = "agent", .branch = "z9hG4bK3"});
  scene.play();
  const auto& interaction = only(scene);
  CHECK(scene_seconds(interaction.dialogs.front().start) == Approx(4));
  CHECK(scene_seconds(interaction.dialogs.front().end) == Approx(20));
  CHECK(interaction.signalling.front().retransmissions == 4);
}

TEST_CASE("failures have the disposition that the status says") {
  for (const auto& [status, disposition] :
       std::vector<std::pair<std::string, std::string>>{{"486 Busy Here", "busy"},
                                                        {"600 Busy Everywhere", "busy"},
                                                        {"480 Temporarily Unavailable", "no-answer"},
                                                        {"408 Request Timeout", "no-answer"},
                                                        {"503 Service Unavailable", "congestion"},
                                                        {"404 Not Found", "failed"},
                                                        {"603 Decline", "failed"}}) {
    Scene scene;
    invite(scene, 1, kA, kB, "z9hG4bK1", "10.9.0.10:4000");
    answer(scene, 2, kB, kA, status, "z9hG4bK1", "agent");
    scene.play();
    CHECK(only(scene).dialogs.front().kind == DialogKind::Incomplete);
    CHECK(only(scene).dialogs.front().disposition == disposition);
  }
}

TEST_CASE("a cancelled call is no-answer, but a 200 that crosses the CANCEL is a call") {
  const auto cancel = [](Scene& scene) {
    invite(scene, 1, kA, kB, "z9hG4bK1", "10.9.0.10:4000");
    answer(scene, 2, kB, kA, "180 Ringing", "z9hG4bK1", "agent");
    scene.message(9, kA, kB, {.start = "CANCEL sip:1001@pbx.example.com", .cseq = "1 CANCEL"});
  };
  Scene cancelled;
  cancel(cancelled);
  answer(cancelled, 9.1, kB, kA, "487 Request Terminated", "z9hG4bK1", "agent");
  cancelled.play();
  CHECK(only(cancelled).disposition == "no-answer");

  Scene crossed;
  cancel(crossed);
  answer(crossed, 9.01, kB, kA, "200 OK", "z9hG4bK1", "agent", "10.1.0.21:6000");
  crossed.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 9.1, .end = 12});
  crossed.message(12, kA, kB, {.start = "BYE sip:1001@10.1.0.21", .cseq = "2 BYE", .to_tag = "agent"});
  crossed.play();
  CHECK(only(crossed).disposition == "answered");
}

TEST_CASE("a challenged INVITE and its repetition are one call") {
  Scene scene;
  invite(scene, 1, kA, kB, "z9hG4bK0", "10.9.0.10:4000");
  answer(scene, 1.1, kB, kA, "407 Proxy Authentication Required", "z9hG4bK0", "challenge");
  scene.message(1.3, kA, kB,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "2 INVITE",
                 .branch = "z9hG4bK9",
                 .sdp = sdp("10.9.0.10:4000")});
  scene.message(
      3, kB, kA,
      {.start = "200 OK", .cseq = "2 INVITE", .to_tag = "agent", .branch = "z9hG4bK9", .sdp = sdp("10.1.0.21:6000")});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 3, .end = 9});
  scene.message(9, kB, kA, {.start = "BYE sip:x@10.9.0.10", .cseq = "1 BYE", .from_tag = "agent", .to_tag = "caller"});
  scene.play();
  CHECK(only(scene).disposition == "answered");
  CHECK(only(scene).signalling.front().ended_by == "bye callee");
}

TEST_CASE("of a fork the phone that answers is recorded and the losers are left out") {
  Scene scene;
  invite(scene, 1, kA, kProxy, "z9hG4bKa", "10.9.0.10:4000");
  scene.message(
      1.01, kProxy, kB,
      {.start = "INVITE sip:1001@10.1.0.21", .cseq = "1 INVITE", .branch = "z9hG4bKb", .sdp = sdp("10.9.0.10:4000")});
  scene.message(
      1.01, kProxy, kC,
      {.start = "INVITE sip:1002@10.1.0.22", .cseq = "1 INVITE", .branch = "z9hG4bKc", .sdp = sdp("10.9.0.10:4000")});
  answer(scene, 2, kB, kProxy, "180 Ringing", "z9hG4bKb", "tag-b");
  answer(scene, 2, kC, kProxy, "180 Ringing", "z9hG4bKc", "tag-c");
  answer(scene, 3, kB, kProxy, "486 Busy Here", "z9hG4bKb", "tag-b");
  answer(scene, 60, kC, kProxy, "200 OK", "z9hG4bKc", "tag-c", "10.1.0.22:6000");
  answer(scene, 60.01, kProxy, kA, "200 OK", "z9hG4bKa", "tag-c", "10.1.0.22:6000");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.22:6000", .ssrc = 1, .begin = 60, .end = 70});
  scene.message(70, kA, kC, {.start = "BYE sip:1002@10.1.0.22", .cseq = "2 BYE", .to_tag = "tag-c"});
  calls::Rules rules;
  scene.play();
  const auto& interaction = only(scene);
  CHECK(interaction.disposition == "answered");
  REQUIRE(interaction.signalling.size() == 1);
  CHECK(interaction.signalling.front().to_tag == "tag-c");
  CHECK(interaction.signalling.front().hops.size() >= 3);
}

TEST_CASE("the rule for a phone matches the Request-URI that reached it") {
  calls::Rules rules;
  rules.parties.push_back({.uri = "^sip:1002@", .role = calls::Role::Agent, .name = "Alex"});
  Scene scene(rules);
  invite(scene, 1, kA, kProxy, "z9hG4bKa", "10.9.0.10:4000");
  scene.message(1.01, kProxy, kB,
                {.start = "INVITE sip:1001@10.1.0.21",
                 .cseq = "1 INVITE",
                 .branch = "z9hG4bKb",
                 .to = "<sip:600@pbx.example.com>"});
  scene.message(1.01, kProxy, kC,
                {.start = "INVITE sip:1002@10.1.0.22",
                 .cseq = "1 INVITE",
                 .branch = "z9hG4bKc",
                 .to = "<sip:600@pbx.example.com>"});
  answer(scene, 6, kC, kProxy, "200 OK", "z9hG4bKc", "tag-c", "10.1.0.22:6000");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.22:6000", .ssrc = 1, .begin = 6, .end = 10});
  scene.play();
  const auto& parties = only(scene).parties;
  CHECK(parties[1].role == calls::Role::Agent);
  CHECK(parties[1].name == "Alex");
  CHECK(parties[1].uri == "sip:1002@10.1.0.22");
}

TEST_CASE("a late offer in the 200 and its answer in the ACK name the media") {
  Scene scene;
  invite(scene, 1, kA, kB, "z9hG4bK1", "");
  answer(scene, 3, kB, kA, "200 OK", "z9hG4bK1", "agent", "10.1.0.21:6000");
  scene.message(3.1, kA, kB,
                {.start = "ACK sip:1001@10.1.0.21", .cseq = "1 ACK", .to_tag = "agent", .sdp = sdp("10.9.0.10:4000")});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 3, .end = 9});
  scene.rtp({.from = "10.1.0.21:6000", .to = "10.9.0.10:4000", .ssrc = 2, .begin = 3, .end = 9});
  scene.message(9, kA, kB, {.start = "BYE sip:1001@10.1.0.21", .cseq = "2 BYE", .to_tag = "agent"});
  scene.play();
  CHECK(scene.stream("10.9.0.10:4000", "10.1.0.21:6000").use == Use::Recording);
  CHECK(scene.stream("10.1.0.21:6000", "10.9.0.10:4000").use == Use::Recording);
}

TEST_CASE("a hold lasts from the accepted request to the request that ends it") {
  Scene scene;
  simple_call(scene, 40);
  const auto reinvite = [&](double at, const std::string& cseq, const std::string& direction,
                            const std::string& status) {
    const Sip request{.start = "INVITE sip:+12025550101@10.9.0.10",
                      .cseq = cseq + " INVITE",
                      .from_tag = "agent",
                      .to_tag = "caller",
                      .branch = "z9hG4bKh" + cseq,
                      .sdp = sdp("10.1.0.21:6000", direction)};
    scene.message(at, kB, kA, request);
    scene.message(
        at + 0.05, kA, kB,
        {.start = status,
         .cseq = cseq + " INVITE",
         .from_tag = "agent",
         .to_tag = "caller",
         .branch = "z9hG4bKh" + cseq,
         .sdp = status == "200 OK" ? sdp("10.9.0.10:4000", direction == "sendonly" ? "recvonly" : "sendrecv") : ""});
  };
  reinvite(10, "500", "sendonly", "491 Request Pending");
  reinvite(15, "501", "sendonly", "200 OK");
  reinvite(27, "502", "sendrecv", "200 OK");
  scene.play();
  const auto& dialog = only(scene).dialogs.front();
  REQUIRE(dialog.recording.front().gaps.size() == 1);
  const auto& gap = dialog.recording.front().gaps.front();
  CHECK(gap.reason == calls::GapReason::Hold);
  CHECK(scene_seconds(gap.start) == Approx(15));
  CHECK(scene_seconds(gap.end) == Approx(27));
  std::vector<std::pair<calls::EventKind, std::size_t>> events;
  for (const auto& event : dialog.history) events.emplace_back(event.kind, event.party);
  using Kind = calls::EventKind;
  CHECK(events ==
        std::vector<std::pair<Kind, std::size_t>>{
            {Kind::Join, 0}, {Kind::Join, 1}, {Kind::Hold, 0}, {Kind::Unhold, 0}, {Kind::Drop, 0}, {Kind::Drop, 1}});
}

namespace {

/// A re-INVITE of the agent with its 2xx and ACK; empty SDPs are left out.
struct Exchange {
  double at = 0;
  std::string cseq{};
  std::string request{};
  std::string response{};
  std::string ack{};
  bool with_response = true;
  double response_after = 0.05;
  bool two_hops = false;  ///< each message is seen again behind a proxy
};

void play_exchange(Scene& scene, const Exchange& exchange) {
  const auto say = [&](double at, const std::string& from, const std::string& to, const Sip& sip) {
    scene.message(at, from, exchange.two_hops ? "10.2.0.2:5060" : to, sip);
    if (exchange.two_hops) scene.message(at + 0.002, "10.2.0.2:5060", to, sip);
  };
  const Sip common{.start = "INVITE sip:+12025550101@10.9.0.10",
                   .cseq = exchange.cseq + " INVITE",
                   .from_tag = "agent",
                   .to_tag = "caller",
                   .branch = "z9hG4bKe" + exchange.cseq};
  Sip request = common;
  if (!exchange.request.empty()) request.sdp = sdp("10.1.0.21:6000", exchange.request);
  say(exchange.at, kB, kA, request);
  Sip response = common;
  response.start = "200 OK";
  if (!exchange.response.empty()) response.sdp = sdp("10.9.0.10:4000", exchange.response);
  if (exchange.with_response) say(exchange.at + exchange.response_after, kA, kB, response);
  Sip ack = common;
  ack.start = "ACK sip:+12025550101@10.9.0.10";
  ack.cseq = exchange.cseq + " ACK";
  ack.branch = "z9hG4bKa" + exchange.cseq;
  if (!exchange.ack.empty()) ack.sdp = sdp("10.1.0.21:6000", exchange.ack);
  say(exchange.at + 0.1, kB, kA, ack);
}

std::vector<std::pair<double, double>> holds_of(const Scene& scene) {
  std::vector<std::pair<double, double>> spans;
  for (const auto& gap : only(scene).dialogs.front().recording.front().gaps) {
    if (gap.reason == calls::GapReason::Hold)
      spans.emplace_back(std::round(scene_seconds(gap.start) * 100) / 100,
                         std::round(scene_seconds(gap.end) * 100) / 100);
  }
  return spans;
}

}  // namespace

TEST_CASE("hold and resume by late offer are read from the answer in the ACK") {
  const std::pair<const char*, bool> cases[] = {{"sendonly", false}, {"inactive", false}, {"sendonly", true}};
  for (const auto& [held, two_hops] : cases) {
    Scene scene;
    simple_call(scene, 34);
    play_exchange(scene, {.at = 12, .cseq = "501", .response = "sendrecv", .ack = held, .two_hops = two_hops});
    play_exchange(scene, {.at = 20, .cseq = "502", .response = "sendrecv", .ack = "sendrecv", .two_hops = two_hops});
    scene.play();
    CHECK(holds_of(scene) == std::vector<std::pair<double, double>>{{12, 20}});
  }
  Scene mixed;
  simple_call(mixed, 34);
  play_exchange(mixed, {.at = 12, .cseq = "501", .request = "sendonly", .response = "recvonly"});
  play_exchange(mixed, {.at = 20, .cseq = "502", .response = "sendrecv", .ack = "sendrecv"});
  mixed.play();
  CHECK(holds_of(mixed) == std::vector<std::pair<double, double>>{{12, 20}});
}

TEST_CASE("a hold whose 200 was not captured, or before its request, is a hold") {
  Scene lost;
  simple_call(lost, 34);
  play_exchange(lost, {.at = 12, .cseq = "501", .request = "sendonly", .with_response = false});
  play_exchange(lost, {.at = 20, .cseq = "502", .request = "sendrecv", .response = "sendrecv"});
  lost.play();
  CHECK(holds_of(lost) == std::vector<std::pair<double, double>>{{12, 20}});
  Scene early;
  simple_call(early, 34);
  play_exchange(early,
                {.at = 12, .cseq = "501", .request = "sendonly", .response = "recvonly", .response_after = -0.01});
  play_exchange(early, {.at = 20, .cseq = "502", .request = "sendrecv", .response = "sendrecv"});
  early.play();
  CHECK(holds_of(early) == std::vector<std::pair<double, double>>{{12, 20}});
}

TEST_CASE("music from another server during a hold is hold music") {
  Scene scene;
  simple_call(scene, 34);
  const Sip hold{.start = "INVITE sip:+12025550101@10.9.0.10",
                 .cseq = "501 INVITE",
                 .from_tag = "agent",
                 .to_tag = "caller",
                 .branch = "z9hG4bKm",
                 .sdp = sdp("10.5.0.1:9000", "sendonly")};
  scene.message(12, kB, kA, hold);
  scene.message(12.05, kA, kB,
                {.start = "200 OK",
                 .cseq = "501 INVITE",
                 .from_tag = "agent",
                 .to_tag = "caller",
                 .branch = "z9hG4bKm",
                 .sdp = sdp("10.9.0.10:4000", "recvonly")});
  scene.rtp({.from = "10.5.0.1:9000", .to = "10.9.0.10:4000", .ssrc = 77, .begin = 12.1, .end = 19.9});
  play_exchange(scene, {.at = 20, .cseq = "502", .request = "sendrecv", .response = "sendrecv"});
  scene.play();
  CHECK(scene.stream("10.5.0.1:9000", "10.9.0.10:4000").use == Use::HoldMusic);
  CHECK(holds_of(scene) == std::vector<std::pair<double, double>>{{12, 20}});
}

TEST_CASE("a lost BYE ends the call where its audio ended, after the time-out by packet time") {
  calls::Rules rules;
  rules.media_timeout = 60s;
  Scene scene(rules);
  simple_call(scene, 20);
  Scene without(rules);
  invite(without, 1, kA, kB, "z9hG4bK1", "10.9.0.10:4000");
  answer(without, 4, kB, kA, "200 OK", "z9hG4bK1", "agent", "10.1.0.21:6000");
  without.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 4, .end = 20});
  without.play(200);
  CHECK(scene_seconds(only(without).dialogs.front().end) == Approx(20).margin(0.05));
  CHECK(only(without).signalling.front().ended_by == "timeout");
  CHECK(without.closed_at.front() == Approx(81).margin(2));
}

TEST_CASE("a clock that jumps by years does not end a call") {
  Scene scene;
  invite(scene, 1, kA, kB, "z9hG4bK1", "10.9.0.10:4000");
  answer(scene, 100'000'000, kB, kA, "200 OK", "z9hG4bK1", "agent", "10.1.0.21:6000");
  // Straight to the correlator: no clock ticks in the years between.
  scene.correlator.advance(scene_time(0));
  scene.correlator.advance(scene_time(100'000'000));
  CHECK(scene.interactions.empty());
}

TEST_CASE("a call that began before the capture is recorded from its first sign") {
  Scene scene;
  const Sip reinvite{
      .start = "INVITE sip:1001@10.1.0.21", .cseq = "7 INVITE", .to_tag = "agent", .sdp = sdp("10.9.0.10:4000")};
  scene.message(1, kA, kB, reinvite);
  scene.message(1.1, kB, kA, {.start = "200 OK", .cseq = "7 INVITE", .to_tag = "agent", .sdp = sdp("10.1.0.21:6000")});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 0, .end = 9});
  scene.message(9, kA, kB, {.start = "BYE sip:1001@10.1.0.21", .cseq = "8 BYE", .to_tag = "agent"});
  scene.play();
  CHECK(only(scene).disposition == "answered");
  CHECK(only(scene).signalling.front().begins_before_capture);
  CHECK(scene_seconds(only(scene).dialogs.front().start) == Approx(0).margin(0.01));
}

TEST_CASE("a SIPREC session is listed and not recorded") {
  Scene scene;
  scene.message(1, kA, kB,
                {.start = "INVITE sip:recorder@10.1.0.21",
                 .cseq = "1 INVITE",
                 .headers = "Require: siprec\r\n",
                 .sdp = sdp("10.9.0.10:4000", "sendonly")});
  answer(scene, 2, kB, kA, "200 OK", "z9hG4bK1", "srs", "10.1.0.21:6000");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 5});
  scene.play();
  CHECK(scene.interactions.empty());
  CHECK(scene.correlator.recording_sessions() == std::vector<std::string>{"call-1"});
  CHECK(scene.stream("10.9.0.10:4000", "10.1.0.21:6000").use == Use::RecordingSession);
  CHECK(scene.kept.empty());
}

TEST_CASE("messages outside of any call open none") {
  Scene scene;
  scene.message(1, kA, kB, {.start = "BYE sip:1001@10.1.0.21", .cseq = "2 BYE", .to_tag = "agent"});
  scene.message(1, kA, kB, {.start = "OPTIONS sip:1001@10.1.0.21", .cseq = "2 OPTIONS"});
  scene.message(2, kB, kA, {.start = "100 Trying", .cseq = "1 INVITE"});
  scene.play();
  CHECK(scene.interactions.empty());
  CHECK(scene.counter("sip.outside_dialogs") == 3);
}

TEST_CASE("more calls than the bound close the oldest, and it says so") {
  calls::Rules rules;
  rules.calls = 10;
  Scene scene(rules);
  for (int n = 0; n < 25; ++n) {
    scene.message(
        1 + n * 0.2, kA, kB,
        {.start = "INVITE sip:1001@pbx.example.com", .cseq = "1 INVITE", .call_id = "call-" + std::to_string(n)});
  }
  scene.play(10);
  CHECK(scene.interactions.size() == 25);
  CHECK(scene.counter("calls.evicted") == 15);
  CHECK(scene.interactions.front().drops_touched);
}
