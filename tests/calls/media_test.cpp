#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Use;
using namespace std::chrono_literals;

namespace {

const std::string kA = "10.9.0.10:5060";
const std::string kProxy = "10.2.0.1:5060";
const std::string kB = "10.1.0.21:5060";

void offer(Scene& scene, double at, const std::string& media, const std::string& call_id = "call-1",
           const std::string& from = kA) {
  scene.message(
      at, from, kB,
      {.start = "INVITE sip:1001@pbx.example.com", .cseq = "1 INVITE", .call_id = call_id, .sdp = sdp(media)});
}
void accept(Scene& scene, double at, const std::string& media, const std::string& call_id = "call-1",
            const std::string& to = kA) {
  scene.message(at, kB, to,
                {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent", .call_id = call_id, .sdp = sdp(media)});
}
void bye(Scene& scene, double at, const std::string& call_id = "call-1") {
  scene.message(at, kA, kB,
                {.start = "BYE sip:1001@10.1.0.21", .cseq = "2 BYE", .to_tag = "agent", .call_id = call_id});
}

}  // namespace

TEST_CASE("RTP that comes before its SDP waits for it") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  scene.rtp({.from = "192.0.2.77:4444", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 9});
  accept(scene, 6, "10.1.0.21:6000");
  bye(scene, 9);
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  REQUIRE(scene.interactions.front().tracks.size() == 1);
  CHECK(scene.interactions.front().tracks.front().stats.packets == 350);
  CHECK(scene.kept.at(scene.interactions.front().tracks.front().id) == 350);
}

TEST_CASE("media that waits for too long is dropped and counted") {
  calls::Rules rules;
  rules.lookback = 3s;
  Scene scene(rules);
  scene.rtp({.from = "192.0.2.1:4000", .to = "192.0.2.2:6000", .ssrc = 1, .begin = 0, .end = 20});
  scene.play();
  CHECK(scene.interactions.empty());
  CHECK(scene.kept.empty());
  CHECK(scene.stream("192.0.2.1:4000", "192.0.2.2:6000").use == Use::Unassigned);
  CHECK(scene.counter("media.unclaimed_chunks") >= 19);
}

TEST_CASE("waiting media stays within its bound") {
  calls::Rules rules;
  rules.lookback_bytes = 50'000;
  Scene scene(rules);
  for (std::uint32_t n = 0; n < 20; ++n) {
    scene.rtp(
        {.from = "192.0.2.1:" + std::to_string(4000 + n), .to = "192.0.2.2:6000", .ssrc = n, .begin = 0, .end = 4});
  }
  scene.play();
  CHECK(scene.counter("media.dropped_by_lookback_bound") > 0);
}

TEST_CASE("RTP from behind a NAT is found by the end that is right") {
  Scene scene;
  offer(scene, 1, "192.168.1.5:4000");
  accept(scene, 2, "10.1.0.21:6000");
  scene.rtp({.from = "203.0.113.9:31000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 9});
  scene.rtp({.from = "10.1.0.21:6000", .to = "203.0.113.9:31000", .ssrc = 2, .begin = 2, .end = 9});
  bye(scene, 9);
  scene.play();
  REQUIRE(scene.interactions.front().tracks.size() == 2);
  for (const auto& track : scene.interactions.front().tracks) {
    CHECK(track.use == Use::Recording);
    CHECK(track.sender == (track.flow.ssrc == 1 ? calls::Side::Caller : calls::Side::Callee));
  }
}

TEST_CASE("calls that share one server's media port are told apart by the other end") {
  Scene scene;
  for (int n = 0; n < 5; ++n) {
    const std::string host = "10.9.0." + std::to_string(10 + n);
    const std::string call_id = "call-" + std::to_string(n);
    offer(scene, 1 + n * 0.1, host + ":4000", call_id, host + ":5060");
    accept(scene, 2 + n * 0.1, "10.1.0.21:6000", call_id, host + ":5060");
    scene.rtp({.from = host + ":4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 3, .end = 9});
    scene.rtp({.from = "10.1.0.21:6000", .to = host + ":4000", .ssrc = 1, .begin = 3, .end = 9});
    bye(scene, 10 + n * 0.1, call_id);
  }
  scene.play();
  REQUIRE(scene.interactions.size() == 5);
  for (const auto& interaction : scene.interactions) {
    REQUIRE(interaction.tracks.size() == 2);
    const auto& ip =
        interaction.parties.empty() ? std::string() : interaction.signalling.front().hops.front().source.ip.to_string();
    for (const auto& track : interaction.tracks) {
      CHECK((track.flow.source.ip.to_string() == ip || track.flow.destination.ip.to_string() == ip));
      CHECK(track.stats.packets == 300);
    }
  }
}

TEST_CASE("a stream seen on two hops is recorded once, the copy nearest to its sender") {
  Scene scene;
  const auto relay = [&](double at, const std::string& from, const std::string& to, const std::string& branch,
                         const std::string& media) {
    scene.message(
        at, from, to,
        {.start = "INVITE sip:1001@pbx.example.com", .cseq = "1 INVITE", .branch = branch, .sdp = sdp(media)});
  };
  relay(1, kA, kProxy, "z9hG4bK1", "10.9.0.10:4000");
  relay(1.01, kProxy, kB, "z9hG4bK2", "10.2.0.1:7000");
  const auto ok = [&](double at, const std::string& from, const std::string& to, const std::string& branch,
                      const std::string& media) {
    scene.message(at, from, to,
                  {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent", .branch = branch, .sdp = sdp(media)});
  };
  ok(2, kB, kProxy, "z9hG4bK2", "10.1.0.21:6000");
  ok(2.01, kProxy, kA, "z9hG4bK1", "10.2.0.1:7002");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.2.0.1:7002", .ssrc = 1, .begin = 2, .end = 9});
  scene.rtp({.from = "10.2.0.1:7000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 9});
  scene.rtp({.from = "10.1.0.21:6000", .to = "10.2.0.1:7000", .ssrc = 2, .begin = 2, .end = 9});
  scene.rtp({.from = "10.2.0.1:7002", .to = "10.9.0.10:4000", .ssrc = 2, .begin = 2, .end = 9});
  bye(scene, 9);
  scene.play();
  CHECK(scene.stream("10.9.0.10:4000", "10.2.0.1:7002").use == Use::Recording);
  CHECK(scene.stream("10.2.0.1:7000", "10.1.0.21:6000").use == Use::SecondHop);
  CHECK(scene.stream("10.1.0.21:6000", "10.2.0.1:7000").use == Use::Recording);
  CHECK(scene.stream("10.2.0.1:7002", "10.9.0.10:4000").use == Use::SecondHop);
  CHECK(scene.discarded.size() == 2);
}

TEST_CASE("a new SSRC in mid-call goes on in the same channel") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  accept(scene, 2, "10.1.0.21:6000");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 5});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 9, .begin = 5, .end = 9});
  bye(scene, 9);
  scene.play();
  CHECK(scene.interactions.front().dialogs.front().recording.front().channels[0].spans.size() == 2);
}

TEST_CASE("ports used again by the next call go to that call") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  accept(scene, 2, "10.1.0.21:6000");
  bye(scene, 10.05);
  offer(scene, 10.3, "10.9.0.10:4000", "call-2");
  accept(scene, 10.4, "10.1.0.21:6000", "call-2");
  bye(scene, 20, "call-2");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 20});
  scene.play();
  REQUIRE(scene.interactions.size() == 2);
  CHECK(scene.kept.at(scene.interactions[0].tracks.at(0).id) >= 400);
  CHECK(scene.kept.at(scene.interactions[1].tracks.at(0).id) >= 480);
  CHECK(scene.kept.at(scene.interactions[0].tracks.at(0).id) <= 460);
}

TEST_CASE("media without signalling is recorded when the configuration says so") {
  calls::Rules rules;
  rules.record_unsignalled = true;
  rules.lookback = 2s;
  Scene scene(rules);
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 1, .end = 9});
  scene.rtp({.from = "10.1.0.21:6000", .to = "10.9.0.10:4000", .ssrc = 2, .begin = 1, .end = 9});
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  const auto& interaction = scene.interactions.front();
  CHECK(interaction.disposition == "answered");
  CHECK(interaction.signalling.empty());
  REQUIRE(interaction.tracks.size() == 2);
  for (const auto& track : interaction.tracks) CHECK(scene.kept.at(track.id) == 400);
  CHECK(scene_seconds(interaction.dialogs.front().start) == Approx(1).margin(0.05));
  CHECK(scene_seconds(interaction.dialogs.front().end) == Approx(9).margin(0.05));
}

TEST_CASE("early media of a call that is never answered is not kept") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  scene.message(2, kB, kA,
                {.start = "183 Session Progress", .cseq = "1 INVITE", .to_tag = "agent", .sdp = sdp("10.1.0.21:6000")});
  scene.rtp({.from = "10.1.0.21:6000", .to = "10.9.0.10:4000", .ssrc = 1, .begin = 2, .end = 6});
  scene.message(6, kB, kA, {.start = "480 Temporarily Unavailable", .cseq = "1 INVITE", .to_tag = "agent"});
  scene.play();
  CHECK(scene.stream("10.1.0.21:6000", "10.9.0.10:4000").use == Use::NotAnswered);
  CHECK(scene.discarded.size() == 1);
}

TEST_CASE("encryption that the answer did not take leaves the media in clear") {
  Scene scene;
  const std::string crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
  scene.message(1, kA, kB,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .sdp = sdp("10.9.0.10:4000", "sendrecv", "0", crypto)});
  accept(scene, 2, "10.1.0.21:6000");
  scene.rtp({.from = "10.1.0.21:6000", .to = "10.9.0.10:4000", .ssrc = 1, .begin = 2, .end = 6});
  bye(scene, 6);
  scene.play();
  CHECK(scene.stream("10.1.0.21:6000", "10.9.0.10:4000").use == Use::Recording);
}

TEST_CASE("of two hops the one in clear is recorded, though the other is nearer") {
  Scene scene;
  const std::string crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
  scene.message(1, kA, kProxy,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .branch = "z9hG4bK1",
                 .sdp = sdp("10.9.0.10:4000", "sendrecv", "0", crypto)});
  scene.message(1.01, kProxy, kB,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .branch = "z9hG4bK2",
                 .sdp = sdp("10.2.0.1:7000")});
  scene.message(
      2, kB, kProxy,
      {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent", .branch = "z9hG4bK2", .sdp = sdp("10.1.0.21:6000")});
  scene.message(2.01, kProxy, kA,
                {.start = "200 OK",
                 .cseq = "1 INVITE",
                 .to_tag = "agent",
                 .branch = "z9hG4bK1",
                 .sdp = sdp("10.2.0.1:7002", "sendrecv", "0", crypto)});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.2.0.1:7002", .ssrc = 1, .begin = 2, .end = 9});
  scene.rtp({.from = "10.2.0.1:7000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 9});
  bye(scene, 9);
  scene.play();
  CHECK(scene.stream("10.2.0.1:7000", "10.1.0.21:6000").use == Use::Recording);
  CHECK(scene.stream("10.9.0.10:4000", "10.2.0.1:7002").use == Use::SecondHop);
}

TEST_CASE("packets that the capture cut short are told as a gap") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  accept(scene, 2, "10.1.0.21:6000");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 6, .snapped = true});
  bye(scene, 6);
  scene.play();
  const auto& gaps = scene.interactions.front().dialogs.front().recording.front().gaps;
  REQUIRE(gaps.size() == 1);
  CHECK(gaps.front().reason == calls::GapReason::Drop);
  CHECK(gaps.front().detail == "200 packets cut short by the capture's snap length");
}

TEST_CASE("an encrypted stream is named, not decoded as noise") {
  Scene scene;
  const std::string crypto = "a=crypto:1 F8_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
  scene.message(1, kA, kB,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .sdp = sdp("10.9.0.10:4000", "sendrecv", "0", crypto)});
  scene.message(2, kB, kA,
                {.start = "200 OK",
                 .cseq = "1 INVITE",
                 .to_tag = "agent",
                 .sdp = sdp("10.1.0.21:6000", "sendrecv", "0", crypto)});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 6});
  bye(scene, 6);
  scene.play();
  CHECK(scene.interactions.front().tracks.front().encryption == "F8_128_HMAC_SHA1_80");
  CHECK(scene.stream("10.9.0.10:4000", "10.1.0.21:6000").use == Use::Undecryptable);
}

TEST_CASE("direct media between a B2BUA's two legs belongs to both calls") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  offer(scene, 1.1, "10.9.0.10:4000", "call-2", kProxy);
  accept(scene, 2, "10.1.0.21:6000", "call-2", kProxy);
  accept(scene, 2.1, "10.1.0.21:6000");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 3, .end = 9});
  bye(scene, 9);
  bye(scene, 9.1, "call-2");
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  const auto& interaction = scene.interactions.front();
  REQUIRE(interaction.tracks.size() == 2);
  for (const auto& track : interaction.tracks) CHECK(scene.kept.at(track.id) == 300);
  REQUIRE(interaction.links.size() == 1);
  CHECK(interaction.links.front().kind == calls::LinkKind::SharedMedia);
  REQUIRE(interaction.dialogs.size() == 1);
  CHECK(interaction.dialogs.front().recording.front().channels.front().spans.size() == 1);
}

TEST_CASE("an answered call whose media never passed is a recording without content and says why") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  accept(scene, 2, "10.1.0.21:6000");
  bye(scene, 12);
  scene.play();
  const auto& dialog = scene.interactions.front().dialogs.front();
  CHECK(dialog.kind == calls::DialogKind::Recording);
  CHECK(dialog.recording.empty());
  REQUIRE(dialog.gaps.size() == 1);
  CHECK(dialog.gaps.front().reason == calls::GapReason::NoMedia);
}

TEST_CASE("an answered call that is over before anybody sent anything was hung up") {
  Scene scene;
  offer(scene, 1, "10.9.0.10:4000");
  accept(scene, 2, "10.1.0.21:6000");
  bye(scene, 11.9);
  scene.play();
  const auto& interaction = scene.interactions.front();
  REQUIRE(interaction.dialogs.size() == 1);
  CHECK(interaction.dialogs.front().kind == calls::DialogKind::Incomplete);
  CHECK(interaction.dialogs.front().disposition == "hung-up");
  CHECK(interaction.disposition == "hung-up");
}
