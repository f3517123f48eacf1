#include "calls/offers.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

const std::string kPager = "10.1.0.21:5060";
const std::string kPhone = "10.1.0.22:5060";

/// Directions of a call between two agents: of the INVITE's offer (empty: none, it comes in the 200), of the 200, and,
/// unless empty, of the caller's re-INVITE and its 200.
struct Directions {
  std::string invite{};
  std::string answer{};
  std::string again{};
  std::string again_answer{};
};

/// How many recordings it has: one for each who may speak.
std::size_t recordings(const Directions& directions) {
  calls::Rules rules;
  calls::PartyRule rule;
  rule.uri = "^sip:";
  rule.role = calls::Role::Agent;
  rules.parties = {rule};
  Scene scene(rules);
  const auto body = [](const std::string& at, const std::string& direction) {
    return direction.empty() ? std::string() : sdp(at, direction);
  };
  const auto ask = [&](double at, const std::string& cseq, const std::string& offer, const std::string& answer) {
    Sip sip{.start = "INVITE sip:1002@10.1.0.22",
            .cseq = cseq + " INVITE",
            .to_tag = cseq == "1" ? "" : "phone",
            .branch = "z9hG4bK" + cseq,
            .from = "<sip:1001@pbx.example.com>",
            .to = "<sip:1002@pbx.example.com>",
            .sdp = body("10.1.0.21:4000", offer)};
    scene.message(at, kPager, kPhone, sip);
    sip.start = "200 OK";
    sip.to_tag = "phone";
    sip.sdp = body("10.1.0.22:6000", answer);
    scene.message(at + 0.1, kPhone, kPager, sip);
    sip.start = "ACK sip:1002@10.1.0.22";
    sip.cseq = cseq + " ACK";
    sip.branch = "z9hG4bKack" + cseq;
    sip.sdp = offer.empty() ? sdp("10.1.0.21:4000", answer == "recvonly" ? "sendonly" : "sendrecv") : "";
    scene.message(at + 0.2, kPager, kPhone, sip);
  };
  ask(1, "1", directions.invite, directions.answer);
  if (!directions.again.empty()) ask(5, "2", directions.again, directions.again_answer);
  scene.rtp({.from = "10.1.0.21:4000", .to = "10.1.0.22:6000", .ssrc = 1, .begin = 1.3, .end = 9});
  scene.play(20);
  REQUIRE(scene.interactions.size() == 1);
  return scene.interactions.front().dialogs.size();
}

}  // namespace

TEST_CASE("to a sendonly offer, or by a recvonly answer, the called party only listens") {
  CHECK(recordings({.invite = "sendonly", .answer = "recvonly"}) == 1);
  CHECK(recordings({.invite = "sendrecv", .answer = "recvonly"}) == 1);
  CHECK(recordings({.invite = "", .answer = "recvonly"}) == 1);
  CHECK(recordings({.invite = "sendrecv", .answer = "sendrecv"}) == 2);
  CHECK(recordings({.invite = "", .answer = "sendrecv"}) == 2);
}

TEST_CASE("who could speak once is no listener, whatever is agreed on later or before") {
  CHECK(recordings({.invite = "sendonly", .answer = "recvonly", .again = "sendrecv", .again_answer = "sendrecv"}) == 2);
  CHECK(recordings({.invite = "sendrecv", .answer = "sendrecv", .again = "sendonly", .again_answer = "recvonly"}) == 2);
}

TEST_CASE("a listener stays one over refreshes and pauses of the page") {
  CHECK(recordings({.invite = "sendonly", .answer = "recvonly", .again = "sendonly", .again_answer = "recvonly"}) == 1);
  CHECK(recordings({.invite = "sendonly", .answer = "recvonly", .again = "inactive", .again_answer = "inactive"}) == 1);
}

namespace {

/// The gaps of a call in which the agent's phone answers, offers `again` at 5, is answered with `answer`, and offers
/// sendrecv at 9.
std::vector<std::string> holds(const std::string& again, const std::string& answer) {
  Scene scene;
  simple_call(scene, 20);
  const auto offer = [&](double at, const std::string& cseq, const std::string& mine, const std::string& theirs) {
    Sip sip{.start = "INVITE sip:+12025550101@10.9.0.10",
            .cseq = cseq + " INVITE",
            .from_tag = "agent",
            .to_tag = "caller",
            .branch = "z9hG4bKagain" + cseq,
            .sdp = mine};
    scene.message(at, "10.1.0.21:5060", "10.9.0.10:5060", sip);
    sip.start = "200 OK";
    sip.sdp = theirs;
    scene.message(at + 0.1, "10.9.0.10:5060", "10.1.0.21:5060", sip);
  };
  offer(5, "1", again, answer);
  offer(9, "2", sdp("10.1.0.21:5000"), sdp("10.9.0.10:4000"));
  scene.play(30);
  std::vector<std::string> list;
  for (const calls::DialogPlan& dialog : scene.interactions.at(0).dialogs) {
    for (const calls::RecordingPlan& recording : dialog.recording) {
      for (const calls::Gap& gap : recording.gaps) list.push_back(std::string(to_string(gap.reason)));
    }
  }
  return list;
}

}  // namespace

TEST_CASE("who ends all audio lines by port 0 holds, a fax in their place is no hold") {
  const std::string ended = sdp("10.1.0.21:0");
  CHECK(holds(ended, sdp("10.9.0.10:0")) == std::vector<std::string>{"hold"});
  CHECK(holds(sdp("10.1.0.21:5000"), sdp("10.9.0.10:4000")).empty());
  const std::string fax = "m=image 6000 udptl t38\r\n";
  CHECK(holds(ended + fax, sdp("10.9.0.10:0") + fax).empty());
}
