// Conversations as somebody sees them who watches.
#include "calls/live_view.h"

#include <catch2/catch.hpp>

#include "calls/pause_command.h"
#include "tests/calls/marked_call.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::LiveConversation;
using calls::LiveState;

namespace {

/// `count` calls that ring.
void ring(Scene& scene, int count) {
  for (int n = 0; n < count; ++n) {
    scene.message(1 + 0.001 * n, "10.9.0.10:5060", "10.1.0.21:5060",
                  {.start = "INVITE sip:1001@pbx.example.com",
                   .cseq = "1 INVITE",
                   .from_tag = "caller-" + std::to_string(n),
                   .call_id = "call-" + std::to_string(n),
                   .from = "<sip:+1202555" + std::to_string(1000 + n) + "@trunk.example.net>"});
  }
}

LiveConversation only(const Scene& scene) {
  const calls::LivePage page = scene.correlator.live({});
  REQUIRE(page.conversations.size() == 1);
  CHECK_FALSE(page.more);
  return page.conversations.front();
}

}  // namespace

TEST_CASE("a conversation rings, talks, is paused, talks, and is over until it is closed") {
  Scene scene(rules());
  simple_call(scene, 20);
  CHECK(scene.correlator.live({}).conversations.empty());
  scene.play_until(3);
  CHECK(only(scene).state == LiveState::Ringing);
  scene.play_until(8);
  CHECK(only(scene).state == LiveState::Talking);
  CHECK(scene.correlator.command({.agent = "1001", .by = "desk"}).effective);
  const LiveConversation paused = only(scene);
  CHECK(paused.state == LiveState::Paused);
  REQUIRE(paused.pauses.size() == 1);
  CHECK(paused.pauses.front().by == "command");
  CHECK(paused.pauses.front().from == "desk");
  CHECK(paused.pauses.front().reason == "pci");
  CHECK(scene_seconds(paused.pauses.front().since) == Approx(8).margin(0.15));
  CHECK(scene.correlator.live_counts().paused == 1);
  CHECK(scene.correlator.command({.action = pause::Action::Resume, .agent = "1001"}).effective);
  CHECK(only(scene).state == LiveState::Talking);
  scene.play_until(21);
  CHECK(only(scene).state == LiveState::Over);
  scene.play(200);
  CHECK(scene.correlator.live({}).conversations.empty());
  CHECK(scene.correlator.live_counts().conversations == 0);
}

TEST_CASE("a live conversation names its parties with the roles that the vCon has") {
  Scene scene(rules());
  simple_call(scene, 20);
  scene.play_until(8);
  const LiveConversation live = only(scene);
  CHECK(scene_seconds(live.start) == Approx(1));
  CHECK(live.call_ids == std::vector<std::string>{"call-1"});
  scene.play();
  const auto& parties = scene.interactions.front().parties;
  REQUIRE(live.parties.size() == parties.size());
  for (std::size_t n = 0; n < parties.size(); ++n) {
    CHECK(live.parties[n].uri == parties[n].uri);
    CHECK(live.parties[n].role == parties[n].role);
  }
}

TEST_CASE("a conversation is held while each of its calls is") {
  Scene scene(rules());
  simple_call(scene, 20);
  inside(scene, 8, {.method = "INVITE", .cseq = 7, .answer = "", .sdp = sdp("10.1.0.21:6000", "sendonly")});
  scene.message(8.1, kCustomer, kAgent,
                {.start = "200 OK",
                 .cseq = "7 INVITE",
                 .from_tag = "agent",
                 .to_tag = "caller",
                 .branch = "z9hG4bKINVITE7" + kAgent,
                 .from = "<sip:1001@pbx.example.com>",
                 .to = "<sip:+12025550101@trunk.example.net>",
                 .sdp = sdp("10.9.0.10:4000", "recvonly")});
  scene.play_until(10);
  const LiveConversation live = only(scene);
  CHECK(live.state == LiveState::Held);
  REQUIRE(live.holds.size() == 1);
  CHECK(live.holds.front().by == "sip:1001@pbx.example.com");
  CHECK(scene_seconds(live.holds.front().since) == Approx(8).margin(0.01));
}

TEST_CASE("live conversations come in pages") {
  Scene scene;
  ring(scene, 250);
  scene.play_until(2);
  const calls::LivePage all = scene.correlator.live({.limit = 1000});
  CHECK(all.conversations.size() == calls::kMostLive);
  CHECK(all.more);
  const calls::LivePage rest = scene.correlator.live({.after = all.conversations.back().number, .limit = 100});
  CHECK(rest.conversations.size() == 50);
  CHECK_FALSE(rest.more);
  CHECK(rest.conversations.front().number > all.conversations.back().number);
}

TEST_CASE("a card's number is in no name of a live conversation") {
  Scene scene;
  scene.message(1, "10.9.0.10:5060", "10.1.0.21:5060",
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .from = "<sip:4111111111111111@trunk.example.net>"});
  scene.play_until(2);
  const LiveConversation live = only(scene);
  REQUIRE_FALSE(live.parties.empty());
  for (const calls::LiveParty& party : live.parties) CHECK(party.uri.find("4111") == std::string::npos);
}
