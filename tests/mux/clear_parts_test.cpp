#include "mux/clear_parts.h"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace tapestry::mux {
namespace {

const Time kZero = Time(std::chrono::seconds(1'700'000'000));
constexpr std::uint8_t kEvent = 101;

/// A packet of `octets` of payload at a time after kZero.
struct Played {
  Duration at;
  std::size_t octets = 160;
  bool opened = false;
  std::uint8_t type = 0;
};

/// Which of the packets are in clear, as `c`, and which are not, as `-`.
std::string judge(const std::vector<calls::ClearSpan>& stretches, bool keys, const std::vector<Played>& packets) {
  static const std::vector<std::uint8_t> octets(2000);
  ClearParts parts(stretches, keys);
  std::string all;
  for (const Played& one : packets) {
    rtp::Packet packet;
    packet.arrival = kZero + one.at;
    packet.payload_type = one.type;
    packet.payload = Bytes(octets).first(one.octets);
    all += parts.take(packet, one.opened) ? 'c' : '-';
  }
  return all;
}

const std::vector<calls::ClearSpan> kUntil{{Time::min(), kZero + 10s}};
const std::vector<calls::ClearSpan> kFrom{{kZero + 10s, Time::max()}};

}  // namespace

TEST_CASE("far from a change the SDP's word counts, and what a key opens is not in clear") {
  CHECK(judge(kUntil, false, {{1s}, {2s, 33}, {3s, 99}, {13s, 33}, {14s, 33}}) == "ccc--");
  CHECK(judge(kFrom, false, {{1s}, {2s, 33}, {13s, 33}, {14s, 34}}) == "--cc");
  CHECK(judge(kUntil, true, {{1s}, {2s, 170, true}, {3s}}) == "c-c");
  CHECK(judge({}, true, {{1s}}) == "-");
  const std::vector<calls::ClearSpan> between{{kZero + 10s, kZero + 20s}};
  CHECK(judge(between, false, {{1s}, {15s}, {23s}}) == "-c-");
  CHECK(judge({{kZero, kZero + 1s}, {kZero + 2s, kZero + 3s}}, false, {{500ms}, {1500ms}, {2500ms}, {6s}}) == "----");
}

TEST_CASE("a packet of the clear ones' size is in clear for a while after the change to SRTP, another one is not") {
  CHECK(judge(kUntil, false, {{9s}, {9600ms}, {10100ms}, {11900ms}, {12s}}) == "cccc-");
  CHECK(judge(kUntil, false, {{9s}, {9600ms, 170}, {9620ms, 160}}) == "c--");
  CHECK(judge(kUntil, false, {{9s}, {10100ms, 170}, {10120ms, 170}}) == "c--");
}

TEST_CASE("keys that do not open a packet before the answer say that it is in clear, whatever its size") {
  CHECK(judge(kUntil, true, {{9s, 50}, {9600ms, 60}, {9900ms, 70}, {10100ms, 80}, {10200ms, 90, true}}) == "ccc--");
  CHECK(judge(kUntil, false, {{9s, 50}, {9600ms, 60}}) == "c-");
}

TEST_CASE("a packet by a tag smaller than steady sealed ones is in clear, others only later") {
  CHECK(judge(kFrom, false, {{8s, 170}, {9s, 170}, {9400ms, 160}, {9600ms, 170}, {9620ms, 170}, {9700ms, 160}}) ==
        "-----c");
  CHECK(judge(kFrom, false, {{8s, 30}, {9s, 30}, {10100ms, 12}, {10120ms, 30}, {12s, 12}}) == "----c");
  CHECK(judge(kFrom, true, {{8s, 90, true}, {9600ms, 80}, {10100ms, 70}}) == "--c");
  CHECK(judge(kFrom, false, {{8s, 170}, {9s, 170}, {10100ms, 170}, {10200ms, 160}, {10220ms, 160}, {10240ms, 40}}) ==
        "---ccc");
  CHECK(judge(kFrom, false, {{9s, 80}, {9500ms, 90}, {10100ms, 85}, {11s, 70}, {12s, 71}}) == "----c");
  CHECK(judge(kFrom, true, {{9s, 80, true}, {9500ms, 90, true}, {10100ms, 85}, {10120ms, 99}}) == "--cc");
  CHECK(judge(kFrom, true, {{9s, 80, true}, {10100ms, 80}}) == "--");
}

TEST_CASE("events between speech have sizes of their own") {
  CHECK(judge(kUntil, false, {{8s}, {8500ms, 4, false, kEvent}, {10100ms}, {10120ms, 4, false, kEvent}, {10140ms}}) ==
        "ccccc");
}

}  // namespace tapestry::mux
