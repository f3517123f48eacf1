#include "calls/relays.h"

#include <catch2/catch.hpp>
#include <random>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::RelayFinder;
using calls::Side;

namespace {

using Pairs = std::vector<RelayFinder::Pair>;
using Payload = std::vector<std::uint8_t>;

/// Enough that some dozen of them are among those that are looked at.
std::vector<Payload> speech(unsigned seed, std::size_t size = 160) {
  std::mt19937 random(seed);
  std::vector<Payload> payloads(1'000, Payload(size));
  for (Payload& payload : payloads) {
    for (std::uint8_t& octet : payload) octet = static_cast<std::uint8_t>(random());
  }
  return payloads;
}

struct Way {
  std::uint64_t call = 1;
  Side sender = Side::Caller;
  std::string from{};
  std::string to{};
};

/// The payloads as that call's stream, in chunks of 50 from `at` seconds on: the pairs that they made certain.
Pairs play(RelayFinder& finder, const Way& way, const std::vector<Payload>& payloads, double at) {
  calls::Call call;
  call.serial = way.call;
  calls::Track track;
  track.sender = way.sender;
  track.flow = {.source = endpoint(way.from), .destination = endpoint(way.to), .ssrc = 1};
  Pairs found;
  for (std::size_t n = 0; n < payloads.size();) {
    rtp::Chunk chunk(1);
    for (std::size_t i = 0; i < 50 && n < payloads.size(); ++i, ++n) {
      rtp::Packet packet;
      packet.arrival = scene_time(at + 0.001 * static_cast<double>(n));
      packet.sequence = static_cast<std::uint16_t>(n);
      packet.payload = payloads[n];
      chunk.append(packet);
    }
    for (const RelayFinder::Pair& pair : finder.add(call, track, chunk)) found.push_back(pair);
  }
  return found;
}

const Way kIn{.call = 1, .sender = Side::Caller, .from = "10.0.0.1:4000", .to = "10.0.0.9:5000"};
const Way kOut{.call = 2, .sender = Side::Caller, .from = "10.0.0.9:6000", .to = "10.0.0.2:7000"};

}  // namespace

TEST_CASE("what comes to a host and leaves it in another call is relayed, told once") {
  RelayFinder finder;
  const auto payloads = speech(1);
  CHECK(play(finder, kIn, payloads, 1).empty());
  CHECK(play(finder, kOut, payloads, 1.02) == Pairs{{1, 2}});
}

TEST_CASE("the order in which a relay's streams are looked at does not matter") {
  RelayFinder finder;
  const auto payloads = speech(1);
  CHECK(play(finder, kOut, payloads, 1.02).empty());
  CHECK(play(finder, kIn, payloads, 1) == Pairs{{1, 2}});
}

TEST_CASE("other payloads, and the same ones more than a second later, are no relay") {
  RelayFinder finder;
  (void)play(finder, kIn, speech(1), 1);
  CHECK(play(finder, kOut, speech(2), 1).empty());
  CHECK(play(finder, {.call = 3, .from = "10.0.0.9:6002", .to = "10.0.0.3:7000"}, speech(1), 2.5).empty());
}

TEST_CASE("one way between hosts that are strangers to each other is no relay, both ways are") {
  RelayFinder finder;
  const Way one{.call = 1, .sender = Side::Caller, .from = "10.0.0.1:4000", .to = "10.0.0.8:5000"};
  const Way two{.call = 2, .sender = Side::Caller, .from = "10.0.0.9:6000", .to = "10.0.0.2:7000"};
  (void)play(finder, one, speech(1), 1);
  CHECK(play(finder, two, speech(1), 1).empty());
  const Way back_two{.call = 2, .sender = Side::Callee, .from = "10.0.0.2:7000", .to = "10.0.0.9:6000"};
  const Way back_one{.call = 1, .sender = Side::Callee, .from = "10.0.0.8:5000", .to = "10.0.0.1:4000"};
  (void)play(finder, back_two, speech(2), 1.5);
  CHECK(play(finder, back_one, speech(2), 1.5) == Pairs{{1, 2}});
}

TEST_CASE("a music server that sends the same to many is no relay") {
  RelayFinder finder;
  for (std::uint64_t call = 1; call <= 40; ++call) {
    const std::string to = "10.0.1." + std::to_string(call) + ":7000";
    CHECK(
        play(finder, {.call = call, .sender = Side::Callee, .from = "10.0.0.9:6000", .to = to}, speech(1), 1).empty());
  }
}

TEST_CASE("two music servers with one record are no relay") {
  RelayFinder finder;
  (void)play(finder, {.call = 1, .sender = Side::Callee, .from = "10.0.0.8:6000", .to = "10.0.1.1:7000"}, speech(1), 1);
  CHECK(play(finder, {.call = 2, .sender = Side::Callee, .from = "10.0.0.9:6000", .to = "10.0.1.2:7000"}, speech(1), 1)
            .empty());
}

TEST_CASE("silence and short payloads tell nothing") {
  RelayFinder finder;
  const std::vector<Payload> silence(1'000, Payload(160, 0xff));
  (void)play(finder, kIn, silence, 1);
  CHECK(play(finder, kOut, silence, 1).empty());
  (void)play(finder, kIn, speech(1, 19), 3);
  CHECK(play(finder, kOut, speech(1, 19), 3).empty());
}

TEST_CASE("a call that is forgotten is found anew") {
  RelayFinder finder;
  (void)play(finder, kIn, speech(1), 1);
  CHECK(play(finder, kOut, speech(1), 1).size() == 1);
  finder.forget(2);
  (void)play(finder, kIn, speech(3), 10);
  CHECK(play(finder, kOut, speech(3), 10) == Pairs{{1, 2}});
}

TEST_CASE("after the capture's clock went back relays are still found") {
  RelayFinder finder;
  (void)play(finder, {.call = 9, .from = "10.0.0.5:1", .to = "10.0.0.6:1"}, speech(3), 1e9);
  // So many that there would be no room, were they kept behind those from the future.
  for (unsigned n = 0; n < 2'200; ++n)
    (void)play(finder, {.call = 8, .from = "10.0.0.7:1", .to = "10.0.0.6:3"}, speech(100 + n, 24), 5 + 2 * n);
  (void)play(finder, kIn, speech(1), 5'000);
  CHECK(play(finder, kOut, speech(1), 5'000) == Pairs{{1, 2}});
}

namespace {

bool forked(const RelayFinder& finder) {
  calls::Call one;
  one.serial = 1;
  calls::Call two;
  two.serial = 2;
  CHECK(finder.is_forked(one, Side::Caller, two, Side::Callee) ==
        finder.is_forked(two, Side::Callee, one, Side::Caller));
  return finder.is_forked(one, Side::Caller, two, Side::Callee);
}

const Way kOneFork{.call = 1, .sender = Side::Caller, .from = "10.0.0.1:4000", .to = "10.0.0.9:5000"};
const Way kOtherFork{.call = 2, .sender = Side::Callee, .from = "10.0.0.1:4002", .to = "10.0.0.8:5000"};

}  // namespace

TEST_CASE("one host that sends the same in two calls forks, and is no relay") {
  RelayFinder finder;
  CHECK(play(finder, kOneFork, speech(1), 0).empty());
  CHECK_FALSE(forked(finder));
  CHECK(play(finder, kOtherFork, speech(1), 0.1).empty());
  CHECK(forked(finder));
  calls::Call two;
  two.serial = 2;
  finder.forget(two.serial);
  CHECK_FALSE(forked(finder));
}

TEST_CASE("a fork of which a few packets were lost is one, a mix that agrees only at times is none") {
  for (const auto& [every, is_fork] : {std::pair(20U, true), std::pair(3U, false)}) {
    RelayFinder finder;
    std::vector<Payload> other = speech(1);
    const std::vector<Payload> mixed = speech(2);
    for (std::size_t n = 0; n < other.size(); ++n) {
      if (n % every == 0) other[n] = mixed[n];
    }
    (void)play(finder, kOneFork, speech(1), 0);
    (void)play(finder, kOtherFork, other, 0.1);
    CHECK(forked(finder) == is_fork);
  }
}
