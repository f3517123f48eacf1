#include "calls/referrals.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::LinkKind;
using calls::Side;

namespace {

const Endpoint kCustomer = endpoint("203.0.113.10:5060");
const Endpoint kAgent = endpoint("10.1.0.21:5060");

/// A call of the customer to agent 1001, who refers the customer to 1002 at second 10.
calls::Call referring() {
  calls::Call call;
  call.serial = 1;
  call.call_id = "first";
  call.hops = {{kCustomer, kAgent, "UDP"}};
  call.invites = {{.request_uri = "sip:1001@pbx.example.com", .source = kCustomer.ip, .destination = kAgent.ip}};
  call.caller_tags = {"c"};
  call.callee_tags = {"a"};
  calls::Referral& referral = call.referrals.emplace_back();
  referral.referrer = Side::Callee;
  referral.cseq = 7;
  referral.time = scene_time(10);
  referral.target.uri = "sip:1002@pbx.example.com";
  referral.target.method = "INVITE";
  referral.referred_by = "sip:1001@pbx.example.com";
  return call;
}

/// The INVITE that it leads to.
calls::Call made(double at, const std::string& source = "203.0.113.10", const std::string& to = "sip:1002@10.1.0.22") {
  calls::Call call;
  call.serial = 2;
  call.call_id = "second";
  call.first_seen = scene_time(at);
  call.invites = {{.request_uri = to, .source = *IpAddress::parse(source), .destination = endpoint("10.1.0.22:1").ip}};
  return call;
}

}  // namespace

TEST_CASE("a referral led to the INVITE that its referee sent to the target") {
  calls::Call call = referring();
  CHECK(calls::referral_for(call, made(10.1)) == &call.referrals.front());
  CHECK(calls::referral_for(call, made(10)) != nullptr);
}

TEST_CASE("an INVITE before the REFER, to another target, or from a stranger is not what was asked for") {
  calls::Call call = referring();
  CHECK(calls::referral_for(call, made(9.9)) == nullptr);
  CHECK(calls::referral_for(call, made(11, "203.0.113.10", "sip:1003@pbx.example.com")) == nullptr);
  CHECK(calls::referral_for(call, made(11, "192.0.2.77")) == nullptr);
}

TEST_CASE("the agent who asks is not who calls") {
  calls::Call call = referring();
  CHECK(calls::referral_for(call, made(11, "10.1.0.21")) == nullptr);
}

TEST_CASE("Referred-By names a referral's INVITE from anywhere") {
  calls::Call call = referring();
  calls::Call from_elsewhere = made(11, "192.0.2.77");
  from_elsewhere.referred_by = "sip:1001@other.example.com";
  CHECK(calls::referral_for(call, from_elsewhere) != nullptr);
  from_elsewhere.referred_by = "sip:1009@pbx.example.com";
  CHECK(calls::referral_for(call, from_elsewhere) == nullptr);
  from_elsewhere.referred_by = "sip:anonymous@anonymous.invalid";
  call.referrals.front().referred_by.clear();
  CHECK(calls::referral_for(call, from_elsewhere) == nullptr);
}

TEST_CASE("a referral is forgotten after 32 seconds, unless a NOTIFY says that it goes on") {
  calls::Call call = referring();
  CHECK(calls::referral_for(call, made(42)) != nullptr);
  CHECK(calls::referral_for(call, made(42.001)) == nullptr);
  call.referrals.front().outcome = 180;
  CHECK(calls::referral_for(call, made(300)) != nullptr);
  call.referrals.front().outcome = 200;
  CHECK(calls::referral_for(call, made(11)) == nullptr);
}

TEST_CASE("a refused REFER, one for another method, and one that was followed lead to nothing") {
  calls::Call call = referring();
  call.referrals.front().status = 202;
  CHECK(calls::referral_for(call, made(11)) != nullptr);
  call.referrals.front().status = 300;
  CHECK(calls::referral_for(call, made(11)) == nullptr);
  call = referring();
  call.referrals.front().target.method = "BYE";
  CHECK(calls::referral_for(call, made(11)) == nullptr);
  call = referring();
  call.referrals.front().call = 9;
  CHECK(calls::referral_for(call, made(11)) == nullptr);
}

TEST_CASE("of two referrals to one target the later one counts") {
  calls::Call call = referring();
  call.referrals.push_back(call.referrals.front());
  call.referrals.back().cseq = 8;
  call.referrals.back().time = scene_time(12);
  CHECK(calls::referral_for(call, made(13)) == &call.referrals.back());
  CHECK(calls::referral_for(call, made(11)) == &call.referrals.front());
}

TEST_CASE("a call without an INVITE, and the call itself, is nobody's referral") {
  calls::Call call = referring();
  calls::Call empty = made(11);
  empty.invites.clear();
  CHECK(calls::referral_for(call, empty) == nullptr);
  calls::Call same = made(11);
  same.serial = 1;
  CHECK(calls::referral_for(call, same) == nullptr);
}

TEST_CASE("a dialog is named by its tags, in either order") {
  const calls::Call call = referring();
  CHECK(calls::names({"first", "c", "a", false}, call));
  CHECK(calls::names({"first", "a", "c", false}, call));
  CHECK_FALSE(calls::names({"first", "a", "other", false}, call));
  CHECK_FALSE(calls::names({"first", "other", "c", false}, call));
}

TEST_CASE("a tag of 0 stands for none, and a call without tags may be the one") {
  calls::Call call = referring();
  CHECK(calls::names({"first", "c", "0", false}, call));
  call.callee_tags.clear();
  CHECK(calls::names({"first", "x", "y", false}, call));
}

namespace {

const std::string kA = "10.9.0.10:5060";
const std::string kB = "10.1.0.21:5060";
const std::string kC = "10.1.0.22:5060";

void refer(Scene& scene, double at, int cseq, const std::string& target) {
  const std::string number = std::to_string(cseq) + " REFER";
  const std::string branch = "z9hG4bKr" + std::to_string(cseq);
  scene.message(at, kB, kA,
                {.start = "REFER sip:x@10.9.0.10",
                 .cseq = number,
                 .from_tag = "agent",
                 .to_tag = "caller",
                 .branch = branch,
                 .from = "<sip:1001@pbx.example.com>",
                 .to = "<sip:+12025550101@trunk.example.net>",
                 .headers = "Refer-To: <" + target + ">\r\n"});
}

void attempt(Scene& scene, double at, const std::string& call_id, const std::string& headers = "",
             const std::string& from = kA) {
  scene.message(at, from, kC,
                {.start = "INVITE sip:1002@pbx.example.com",
                 .cseq = "1 INVITE",
                 .from_tag = "t-" + call_id,
                 .call_id = call_id,
                 .branch = "z9hG4bK-" + call_id,
                 .to = "<sip:1002@pbx.example.com>",
                 .headers = headers});
  scene.message(at + 1, kC, from,
                {.start = "486 Busy Here",
                 .cseq = "1 INVITE",
                 .from_tag = "t-" + call_id,
                 .to_tag = "busy",
                 .call_id = call_id,
                 .branch = "z9hG4bK-" + call_id,
                 .to = "<sip:1002@pbx.example.com>"});
}

}  // namespace

TEST_CASE("of a call's REFERs sixteen are followed, and the conversation says that there were more") {
  for (const int count : {static_cast<int>(calls::kMaxReferrals), static_cast<int>(calls::kMaxReferrals) + 1}) {
    Scene scene;
    simple_call(scene, 30);
    for (int n = 0; n < count; ++n)
      refer(scene, 10 + 0.1 * n, 100 + n,
            n + 1 < count ? "sip:9" + std::to_string(100 + n) + "@pbx.example.com" : "sip:1002@pbx.example.com");
    attempt(scene, 15, "second");
    scene.play();
    const bool fits = count == static_cast<int>(calls::kMaxReferrals);
    CHECK(scene.interactions.size() == (fits ? 1 : 2));
    CHECK(scene.interactions.front().drops_touched != fits);
  }
}

TEST_CASE("an INVITE 33 seconds after the REFER is a call of its own") {
  for (const double after : {31.0, 33.0}) {
    Scene scene;
    simple_call(scene, 60);
    refer(scene, 10, 100, "sip:1002@pbx.example.com");
    attempt(scene, 10 + after, "second");
    scene.play();
    CHECK(scene.interactions.size() == (after < 32 ? 1 : 2));
  }
}

TEST_CASE("Replaces with tags that are not the call's joins nothing") {
  for (const char* tag : {"agent", "other"}) {
    Scene scene;
    simple_call(scene, 30);
    attempt(scene, 10, "second", std::string("Replaces: call-1;to-tag=") + tag + ";from-tag=caller\r\n",
            "10.1.0.77:5060");
    scene.play();
    CHECK(scene.interactions.size() == (std::string_view(tag) == "agent" ? 1 : 2));
  }
}

TEST_CASE("Replaces is followed when its dialog is seen after it") {
  Scene scene;
  attempt(scene, 0.5, "second", "Replaces: call-1;to-tag=agent;from-tag=caller\r\n", "10.1.0.77:5060");
  simple_call(scene, 30);
  scene.play();
  CHECK(scene.interactions.size() == 1);
}
