#include "calls/pause_origin.h"

#include <catch2/catch.hpp>

#include "tests/calls/marked_call.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Origin;
using calls::Side;

namespace {

const Endpoint kCustomerMedia = endpoint("10.9.0.10:4000");
const Endpoint kAgentMedia = endpoint("10.1.0.21:6000");
const Endpoint kRelay = endpoint("10.2.0.7:9000");

void claim(calls::Call& call, Side side, const Endpoint& at) {
  call.claims.emplace_back();
  call.claims.back().side = side;
  call.claims.back().endpoint = at;
}

/// The customer calls agent 1001, directly.
struct Bench {
  Bench() {
    call.call_id = "call-1";
    call.hops = {{endpoint(kCustomer), endpoint(kAgent), "UDP"}};
    call.sides[0].uris = {"sip:+12025550101@trunk.example.net"};
    call.sides[1].uris = {"sip:1001@pbx.example.com"};
    claim(call, Side::Caller, kCustomerMedia);
    claim(call, Side::Callee, kAgentMedia);
  }
  [[nodiscard]] Origin keys_of(Side sender, const Endpoint& source) const {
    return origin.of_keys(call, sender, source, {});
  }

  calls::Rules settings = rules();
  calls::CallTable table{settings};
  calls::Roles roles{settings.parties};
  calls::Registrations registrations;
  calls::PauseOrigin origin{settings, table, roles, registrations};
  calls::Call call;
};

}  // namespace

TEST_CASE("keys are the agent's when they come from where the agent's media does, or through a relay") {
  Bench bench;
  CHECK(bench.keys_of(Side::Callee, kAgentMedia) == Origin::Agent);
  CHECK(bench.keys_of(Side::Callee, kRelay) == Origin::Agent);
  CHECK(bench.keys_of(Side::Caller, kCustomerMedia) == Origin::Outside);
}

TEST_CASE("keys that go to an address which the customer named are not the agent's when the customer sends them") {
  Bench bench;
  claim(bench.call, Side::Caller, kAgentMedia);
  CHECK(bench.keys_of(Side::Callee, kCustomerMedia) == Origin::Outside);
}

TEST_CASE("a relay that stands for both sides by one address does not make the agent a stranger") {
  Bench bench;
  claim(bench.call, Side::Caller, kRelay);
  claim(bench.call, Side::Callee, kRelay);
  CHECK(bench.keys_of(Side::Callee, kRelay) == Origin::Agent);
  CHECK(bench.keys_of(Side::Caller, kRelay) == Origin::Outside);
}
