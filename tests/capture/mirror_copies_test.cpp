#include "capture/mirror_copies.h"

#include <catch2/catch.hpp>

#include <string>

#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::milliseconds;

const Time kStart{std::chrono::seconds(1'700'000'000)};
const Endpoint kA = endpoint("10.0.0.1:5060");
const Endpoint kB = endpoint("10.0.0.2:5060");

Datagram datagram(Duration at, std::string_view payload, const Endpoint& from = kA, const Endpoint& to = kB) {
  return {kStart + at, from, to, as_bytes(payload)};
}

bool seen(MirrorCopies& copies, const Datagram& datagram) { return copies.seen(datagram.time, datagram); }

TEST_CASE("the same datagram within the window is a copy, later it is sent again") {
  MirrorCopies copies;
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), "INVITE")));
  REQUIRE(seen(copies, datagram(milliseconds(0), "INVITE")));
  REQUIRE(seen(copies, datagram(milliseconds(60), "INVITE")));
  REQUIRE(seen(copies, datagram(MirrorCopies::kWindow, "INVITE")));
  REQUIRE_FALSE(seen(copies, datagram(MirrorCopies::kWindow + milliseconds(1), "INVITE")));
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(500), "INVITE")));
}

TEST_CASE("other bytes, another sender or receiver make another datagram") {
  MirrorCopies copies;
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), "INVITE")));
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), "INVITE ")));
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), "INVITE", kB, kA)));
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), "INVITE", endpoint("10.0.0.1:5062"))));
}

TEST_CASE("a fragment's copy has its place, identification and bytes") {
  IpPacket fragment;
  fragment.source = kA.ip;
  fragment.destination = kB.ip;
  fragment.protocol = kUdp;
  fragment.payload = as_bytes("12345678");
  fragment.identification = 7;
  fragment.more_fragments = true;
  MirrorCopies copies;
  REQUIRE_FALSE(copies.seen(kStart, fragment));
  REQUIRE(copies.seen(kStart + milliseconds(90), fragment));
  IpPacket other = fragment;
  other.identification = 8;
  REQUIRE_FALSE(copies.seen(kStart, other));
  other = fragment;
  other.fragment_at = 8;
  REQUIRE_FALSE(copies.seen(kStart, other));
  other = fragment;
  other.payload = as_bytes("12345679");
  REQUIRE_FALSE(copies.seen(kStart, other));
}

TEST_CASE("a clock that steps back forgets what lies ahead") {
  MirrorCopies copies;
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(10'000), "x")));
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), "x")));
  REQUIRE(seen(copies, datagram(milliseconds(1), "x")));
}

TEST_CASE("what is remembered is bounded: the oldest goes, and is counted") {
  MirrorCopies copies;
  for (std::size_t n = 0; n <= MirrorCopies::kMost; ++n) {
    REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), std::to_string(n))));
  }
  REQUIRE(copies.forgotten() == 1);
  REQUIRE(seen(copies, datagram(milliseconds(0), "1")));
  REQUIRE_FALSE(seen(copies, datagram(milliseconds(0), "0")));
}

}  // namespace
}  // namespace tapestry::capture
