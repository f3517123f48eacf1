#include "calls/closeness.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Side;

namespace {

const IpAddress kTrunk = endpoint("203.0.113.10:1").ip;
const IpAddress kHost = endpoint("198.51.100.5:1").ip;
const IpAddress kPhone = endpoint("10.1.0.21:1").ip;

/// A call between hosts, answered two seconds after it began, 30 s long.
calls::Call call(double at, const IpAddress& from, const IpAddress& to, const std::string& caller = "+12025550101",
                 const std::string& called = "1001") {
  calls::Call made;
  made.first_seen = scene_time(at);
  made.last_seen = scene_time(at + 30);
  made.sides[0].uris = {"sip:" + caller + "@a.example.com"};
  made.sides[1].uris = {"sip:" + called + "@b.example.com"};
  made.invites = {{.request_uri = "sip:" + called + "@c.example.com", .source = from, .destination = to}};
  made.branches = {{.to_tag = "t", .address = to, .answered = scene_time(at + 2), .ended = scene_time(at + 30)}};
  return made;
}

}  // namespace

TEST_CASE("two legs of one host that agree in everything are as near as it gets") {
  CHECK(calls::closeness(call(1, kTrunk, kHost), call(1.1, kHost, kPhone)) == 90);
  CHECK(calls::closeness(call(1, kTrunk, kHost), call(1, kHost, kPhone, "12025550101")) == 90);
}

TEST_CASE("what does not agree makes two legs less near") {
  const calls::Call first = call(1, kTrunk, kHost);
  CHECK(calls::closeness(first, call(1.1, kHost, kPhone, "+12025550199")) == 80);
  CHECK(calls::closeness(first, call(1.1, kHost, kPhone, "+12025550199", "1002")) == 70);
  // Answered and ended 1.5 s apart, and a little more.
  CHECK(calls::closeness(first, call(2.5, kHost, kPhone)) == 90);
  CHECK(calls::closeness(first, call(2.501, kHost, kPhone)) == 70);
}

TEST_CASE("the second leg is placed by the host that the first one reached, after it and within five seconds") {
  const calls::Call first = call(1, kTrunk, kHost);
  CHECK(calls::closeness(first, call(1.1, kTrunk, kPhone)) == 0);
  CHECK(calls::closeness(first, call(0.999, kHost, kPhone)) == 0);
  CHECK(calls::closeness(first, call(6, kHost, kPhone)) > 0);
  CHECK(calls::closeness(first, call(6.001, kHost, kPhone)) == 0);
}

TEST_CASE("two legs that failed alike are as near as two that were answered") {
  const auto failed = [](double at, const IpAddress& from, const IpAddress& to, int status) {
    calls::Call made = call(at, from, to);
    made.branches.front().answered.reset();
    made.branches.front().ended.reset();
    made.last_seen = made.first_seen + std::chrono::seconds(3);
    made.final_status = status;
    return made;
  };
  CHECK(calls::closeness(failed(1, kTrunk, kHost, 486), failed(1.1, kHost, kPhone, 486)) == 90);
  CHECK(calls::closeness(failed(1, kTrunk, kHost, 480), failed(1.1, kHost, kPhone, 486)) == 80);
}

TEST_CASE("a phone that calls while it holds, or within two seconds before, consults") {
  calls::Call held = call(1, kTrunk, kPhone);
  held.holds[1] = {.on = false, .since = {}, .past = {{scene_time(10), scene_time(20)}}};
  const auto consults = [&](double at) {
    return calls::is_consultation(held, Side::Callee, call(at, kPhone, kHost), Side::Caller);
  };
  CHECK(consults(15));
  CHECK(consults(8));
  CHECK_FALSE(consults(7.9));
  CHECK(consults(20));
  CHECK_FALSE(consults(20.1));
  CHECK_FALSE(calls::is_consultation(held, Side::Callee, call(15, kHost, kPhone), Side::Callee));
  CHECK_FALSE(calls::is_consultation(held, Side::Caller, call(15, kTrunk, kHost), Side::Caller));
  held.holds[1] = {.on = true, .since = scene_time(25), .past = {}};
  CHECK(consults(31));
  CHECK_FALSE(consults(31.1));
}

TEST_CASE("a phone pages when it says the same in two calls whose others may only listen") {
  const auto pages = [](std::optional<Side> one, std::optional<Side> another, double later, bool forked) {
    calls::Call first = call(1, kPhone, kHost);
    calls::Call second = call(later, kPhone, kTrunk);
    first.listener = one;
    second.listener = another;
    return calls::is_page(first, Side::Caller, second, Side::Caller, forked);
  };
  CHECK(pages(Side::Callee, Side::Callee, 1.1, true));
  CHECK_FALSE(pages(Side::Callee, Side::Callee, 1.1, false));
  CHECK_FALSE(pages(Side::Callee, std::nullopt, 1.1, true));
  CHECK_FALSE(pages(Side::Caller, Side::Callee, 1.1, true));
  CHECK_FALSE(pages(Side::Callee, Side::Callee, 40, true));
}

TEST_CASE("two calls that name one multicast group are one page, two that name one host's port are none") {
  for (const auto& [group, is_one] :
       {std::pair("239.1.1.77:5004", true), std::pair("ff15::77:5004", true), std::pair("10.1.0.21:5004", false)}) {
    calls::Call first = call(1, kPhone, kHost);
    calls::Call second = call(1.1, kPhone, kTrunk);
    for (calls::Call* one : {&first, &second}) {
      one->listener = Side::Callee;
      calls::MediaClaim claim;
      claim.endpoint = endpoint(group);
      one->claims = {claim};
    }
    CHECK(calls::is_page(first, Side::Caller, second, Side::Caller, false) == is_one);
  }
}

TEST_CASE("a person's phone is what the party table says, else what registered or has a short number") {
  using calls::Role;
  const auto standing = [](Role role, bool internal, bool no_party = false) {
    calls::Standing made;
    made.party.role = role;
    made.internal = internal;
    made.no_party = no_party;
    return made;
  };
  CHECK(calls::is_phone(standing(Role::Agent, false)));
  CHECK(calls::is_phone(standing(Role::Unknown, true)));
  CHECK_FALSE(calls::is_phone(standing(Role::Unknown, false)));
  CHECK_FALSE(calls::is_phone(standing(Role::Unknown, true, true)));
  CHECK_FALSE(calls::is_phone(standing(Role::Bot, true)));
  CHECK_FALSE(calls::is_phone(standing(Role::Customer, true)));
}
