// How long conversations wait, what dialog packages say of them, and the customer's view.
#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::EventKind;
using calls::LinkKind;
using namespace std::chrono_literals;

namespace {

const std::string kTrunk = "10.9.0.10:5060";
const std::string kAgent = "10.1.0.21:5060";
const std::string kServer = "10.2.0.10:5060";

/// A call from the trunk, answered half a second later, with media both ways until `end`.
struct Served {
  std::string call_id;
  std::string called = "1001";
  std::string host = kAgent;
  std::string headers{};
  std::string port = "4000";
};

void call(Scene& scene, double at, double end, const Served& served) {
  const std::string near = "10.9.0.10:" + served.port;
  const std::string far = served.host.substr(0, served.host.find(':')) + ":" + served.port;
  const std::string to = "<sip:" + served.called + "@pbx.example.com>";
  const std::string tag = "tag-of-" + served.called;
  const auto message = [&](double when, const std::string& from, const std::string& where, Sip sip) {
    sip.call_id = served.call_id;
    sip.to = to;
    scene.message(when, from, where, sip);
  };
  message(at, kTrunk, served.host,
          {.start = "INVITE sip:" + served.called + "@pbx.example.com",
           .cseq = "1 INVITE",
           .headers = served.headers,
           .sdp = sdp(near)});
  message(at + 0.5, served.host, kTrunk, {.start = "200 OK", .cseq = "1 INVITE", .to_tag = tag, .sdp = sdp(far)});
  message(at + 0.6, kTrunk, served.host,
          {.start = "ACK sip:" + served.called + "@pbx.example.com", .cseq = "1 ACK", .to_tag = tag});
  scene.rtp({.from = near, .to = far, .ssrc = 1, .begin = at + 0.6, .end = end});
  scene.rtp({.from = far, .to = near, .ssrc = 2, .begin = at + 0.6, .end = end});
  message(end, kTrunk, served.host,
          {.start = "BYE sip:" + served.called + "@pbx.example.com", .cseq = "2 BYE", .to_tag = tag});
}

void notify(Scene& scene, double at, const std::string& dialog) {
  const std::string body =
      R"(<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" )"
      R"(state="partial" entity="sip:1001@pbx.example.com">)" +
      dialog + "</dialog-info>";
  scene.message(at, kAgent, kServer,
                {.start = "NOTIFY sip:watcher@10.2.0.10",
                 .cseq = "1 NOTIFY",
                 .to_tag = "watcher",
                 .call_id = "subscription",
                 .headers = "Event: dialog\r\nContent-Type: application/dialog-info+xml\r\n",
                 .body = body});
}

}  // namespace

TEST_CASE("a conversation ends a minute after its last call, and where a customer is parked two hours after") {
  Scene scene;
  call(scene, 1, 5, {.call_id = "plain"});
  call(scene, 1, 5, {.call_id = "parked", .called = "park1", .host = kServer, .port = "4002"});
  scene.rtp({.from = "10.1.0.99:7000", .to = "10.1.0.98:7000", .ssrc = 9, .begin = 1, .end = 200});
  scene.play(200);
  REQUIRE(scene.interactions.size() == 2);
  CHECK(scene.interactions[0].signalling.front().call_id == "plain");
  CHECK(scene.closed_at[0] == Approx(65).margin(2));
  CHECK(scene.closed_at[1] > 190);
}

TEST_CASE("what a dialog package says replaced another dialog belongs to its conversation") {
  Scene scene;
  call(scene, 1, 5, {.call_id = "first"});
  call(scene, 6, 9, {.call_id = "second", .called = "1002", .host = "10.1.0.22:5060", .port = "4002"});
  notify(scene, 7,
         R"(<dialog id="1" call-id="second" local-tag="x" remote-tag="y"><state>confirmed</state>)"
         R"(<replaces call-id="first" local-tag="a" remote-tag="b"/></dialog>)");
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  REQUIRE_FALSE(scene.interactions.front().links.empty());
  CHECK(scene.interactions.front().links.front().kind == LinkKind::DialogInfo);
}

TEST_CASE("an end whose dialog package says that it renders no more holds the other") {
  Scene scene;
  call(scene, 1, 9, {.call_id = "first"});
  const auto rendering = [&](double at, const std::string& value) {
    notify(scene, at,
           R"(<dialog id="1" call-id="first" local-tag="tag-of-1001" remote-tag="caller">)"
           R"(<state>confirmed</state><local><target uri="sip:1001@10.1.0.21">)"
           R"(<param pname="+sip.rendering" pval=")" +
               value + R"("/></target></local></dialog>)");
  };
  rendering(3, "no");
  rendering(6, "yes");
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  std::vector<double> held;
  for (const auto& gap : scene.interactions.front().dialogs.front().recording.front().gaps) {
    if (gap.reason == calls::GapReason::Hold) held = {scene_seconds(gap.start), scene_seconds(gap.end)};
  }
  CHECK(held == std::vector<double>{3, 6});
}

TEST_CASE("the customer's view is one recording across agents, with the customer on channel 0") {
  calls::Rules rules;
  rules.customer_view = true;
  Scene scene(rules);
  call(scene, 1, 5, {.call_id = "first", .headers = "X-CID: 4711\r\n"});
  call(scene, 6, 9,
       {.call_id = "second", .called = "1002", .host = "10.1.0.22:5060", .headers = "X-CID: 4711\r\n", .port = "4002"});
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  const auto& interaction = scene.interactions.front();
  const auto view = std::find_if(interaction.dialogs.begin(), interaction.dialogs.end(), [&](const auto& dialog) {
    return interaction.parties[dialog.agent].role == calls::Role::Customer;
  });
  REQUIRE(view != interaction.dialogs.end());
  CHECK(scene_seconds(view->start) == Approx(1.5));
  CHECK(scene_seconds(view->end) == Approx(9));
  REQUIRE(view->channel_parties.size() == 2);
  CHECK(view->channel_parties[0] == std::vector<std::size_t>{view->agent});
  CHECK(view->channel_parties[1].size() == 2);
  for (const auto& span : view->recording.front().channels[0].spans)
    CHECK(interaction.tracks[span.track].sender == calls::Side::Caller);
}
