#include "calls/identity.h"

#include <catch2/catch.hpp>

#include "tests/calls/legs.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Side;

TEST_CASE("the user part of an address of record is what stands before the host, a tel URI's is its number") {
  CHECK(calls::user_of("sip:1001@pbx.example.com") == "1001");
  CHECK(calls::user_of("sips:alex@example.com") == "alex");
  CHECK(calls::user_of("tel:+12025550101") == "+12025550101");
  CHECK(calls::user_of("sip:pbx.example.com").empty());
  CHECK(calls::user_of("").empty());
}

TEST_CASE("a number is one with and without its country's code, a short or named one is as it is written") {
  for (const char* uri : {"sip:+12025550101@a.example.com", "sip:12025550101@b.example.com", "tel:2025550101",
                          "sips:0012025550101@c.example.com"})
    CHECK(calls::identity_of(uri) == "025550101");
  CHECK(calls::identity_of("sip:5550101@a.example.com") == "5550101");
  CHECK(calls::identity_of("sip:+555010@a.example.com") == "+555010");
  CHECK(calls::identity_of("sip:1001@a.example.com") == "1001");
  CHECK(calls::identity_of("sip:alex-12025550101@a.example.com") == "alex-12025550101");
  CHECK(calls::identity_of("sip:anonymous@anonymous.invalid").empty());
  CHECK(calls::identity_of("sip:pbx.example.com").empty());
}

TEST_CASE("the caller's host sent the first INVITE, the callee's answered, or was reached last") {
  calls::Call call;
  CHECK(calls::caller_host(call) == IpAddress());
  call.hops = {{endpoint("192.0.2.1:5060"), endpoint("192.0.2.2:5060"), "UDP"},
               {endpoint("192.0.2.2:5060"), endpoint("192.0.2.3:5060"), "UDP"}};
  CHECK(calls::caller_host(call) == endpoint("192.0.2.1:1").ip);
  CHECK(calls::callee_host(call) == endpoint("192.0.2.3:1").ip);
  call.invites = {{.source = endpoint("192.0.2.4:1").ip, .destination = endpoint("192.0.2.5:1").ip},
                  {.source = endpoint("192.0.2.5:1").ip, .destination = endpoint("192.0.2.6:1").ip}};
  CHECK(calls::host_of(call, Side::Caller) == endpoint("192.0.2.4:1").ip);
  CHECK(calls::host_of(call, Side::Callee) == endpoint("192.0.2.6:1").ip);
  call.branches = {{.to_tag = "a", .address = endpoint("192.0.2.7:1").ip, .answered = Time{}},
                   {.to_tag = "b", .address = endpoint("192.0.2.8:1").ip}};
  CHECK(calls::callee_host(call) == endpoint("192.0.2.7:1").ip);
  call.branches[0].answered.reset();
  CHECK(calls::callee_host(call) == endpoint("192.0.2.8:1").ip);
}
