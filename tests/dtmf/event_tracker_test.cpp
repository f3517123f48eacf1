#include "dtmf/event_tracker.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace tapestry::dtmf {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kClock = 8000;

/// A stream of telephone-events, and what a tracker made of it.
struct Stream {
  EventTracker tracker;
  std::vector<Press> presses;

  void send(Duration at, std::uint32_t timestamp, std::uint8_t event, std::uint16_t duration, bool end = false) {
    const std::vector<std::uint8_t> payload{event, static_cast<std::uint8_t>(end ? 0x8a : 0x0a),
                                            static_cast<std::uint8_t>(duration >> 8U),
                                            static_cast<std::uint8_t>(duration & 0xffU)};
    if (const auto press = tracker.add(Time(at), timestamp, payload, kClock)) presses.push_back(*press);
  }
  /// As RFC 4733 §2.5 has it: every 20 ms, the end three times; each `copies` times.
  void key(Duration at, std::uint32_t timestamp, std::uint8_t event, unsigned copies = 1) {
    for (std::uint16_t n = 1; n <= 7; ++n) {
      const auto duration = static_cast<std::uint16_t>(160 * std::min<int>(n, 5));
      for (unsigned copy = 0; copy < copies; ++copy) send(at + n * 20ms, timestamp, event, duration, n >= 5);
    }
  }
  void flush(Duration now) {
    if (const auto press = tracker.flush(Time(now))) presses.push_back(*press);
  }
  [[nodiscard]] std::string keys() const {
    std::string keys;
    for (const Press& press : presses) keys += press.key;
    return keys;
  }
};

}  // namespace

TEST_CASE("a key is one press from its first packet to its end, however often it is told") {
  Stream stream;
  stream.key(1s, 1000, 9, 2);
  REQUIRE(stream.presses.size() == 1);
  CHECK(stream.presses[0].key == '9');
  CHECK(stream.presses[0].start == Time(1020ms));
  CHECK(stream.presses[0].end == Time(1120ms));
  stream.flush(10s);
  CHECK(stream.presses.size() == 1);
}

TEST_CASE("keys in a row are a press each, the same key, too") {
  Stream stream;
  stream.key(1s, 1000, 10);
  stream.key(1200ms, 2600, 9);
  stream.key(1400ms, 4200, 9);
  stream.key(1600ms, 5800, 1);
  CHECK(stream.keys() == "*991");
}

TEST_CASE("a key without its end is over when another one begins, or after half a second of silence") {
  Stream stream;
  stream.send(1s, 1000, 1, 160);
  stream.send(1020ms, 1000, 1, 320);
  stream.send(1100ms, 2000, 2, 160);
  CHECK(stream.keys() == "1");
  stream.flush(1599ms);
  CHECK(stream.keys() == "1");
  stream.flush(1600ms);
  REQUIRE(stream.keys() == "12");
  CHECK(stream.presses[0].end == Time(1040ms));
  CHECK(stream.presses[1].end == Time(1120ms));
  stream.send(1700ms, 2000, 2, 480, true);
  CHECK(stream.keys() == "12");
}

TEST_CASE("a late packet of a press that was told is ignored, between others and behind them") {
  Stream stream;
  stream.key(1s, 1000, 1);
  stream.send(1200ms, 2600, 2, 160);
  stream.send(1201ms, 1000, 1, 800, true);
  stream.send(1202ms, 1000, 1, 160);
  stream.send(1220ms, 2600, 2, 320, true);
  stream.send(1230ms, 1000, 1, 800, true);
  CHECK(stream.keys() == "12");
}

TEST_CASE("packets of one key out of order are one press") {
  Stream stream;
  stream.send(1020ms, 1000, 3, 320);
  stream.send(1021ms, 1000, 3, 160);
  stream.send(1040ms, 1000, 3, 640, true);
  stream.send(1041ms, 1000, 3, 480);
  REQUIRE(stream.keys() == "3");
  CHECK(stream.presses[0].end == Time(1100ms));
}

TEST_CASE("a key that comes as an end only counts, behind one without an end, too") {
  Stream stream;
  stream.send(1s, 1000, 4, 160);
  stream.send(1100ms, 2000, 5, 800, true);
  CHECK(stream.keys() == "4");
  SECTION("told at the next packet") {
    stream.send(1120ms, 2000, 5, 800, true);
    CHECK(stream.keys() == "45");
    stream.send(1140ms, 2000, 5, 800, true);
    CHECK(stream.keys() == "45");
  }
  SECTION("told at once when asked") {
    stream.flush(1100ms);
    CHECK(stream.keys() == "45");
  }
  SECTION("told before the next key") {
    stream.send(1300ms, 4000, 6, 800, true);
    CHECK(stream.keys() == "45");
    stream.flush(1300ms);
    CHECK(stream.keys() == "456");
  }
}

TEST_CASE("a long key in segments is one press") {
  Stream stream;
  std::uint32_t timestamp = 0xffff8000;
  Duration at = 1s;
  for (int segment = 0; segment < 3; ++segment) {
    for (std::uint32_t duration = 0; duration < 0xffff; duration += 1600, at += 200ms) {
      stream.send(at, timestamp, 7, static_cast<std::uint16_t>(duration));
    }
    stream.send(at, timestamp, 7, 0xffff);
    timestamp += 0xffff;
  }
  stream.send(at, timestamp, 7, 400, true);
  stream.send(at + 20ms, timestamp, 7, 400, true);
  REQUIRE(stream.keys() == "7");
  CHECK(stream.presses[0].start == Time(1s));
  CHECK(stream.presses[0].end >= Time(1s) + Duration(3LL * 0xffff * 125'000));
  stream.flush(1h);
  CHECK(stream.presses.size() == 1);
}

TEST_CASE("what is no key, and what is too short, is ignored, a rate of 0 is the usual one") {
  EventTracker tracker;
  CHECK_FALSE(tracker.add(Time(1s), 1, std::vector<std::uint8_t>{5, 0x80, 0}, kClock));
  CHECK_FALSE(tracker.add(Time(1s), 1, {}, kClock));
  CHECK_FALSE(tracker.add(Time(1s), 1, std::vector<std::uint8_t>{16, 0x80, 0, 160}, kClock));
  CHECK_FALSE(tracker.add(Time(1s), 1, std::vector<std::uint8_t>{255, 0x80, 0, 160}, kClock));
  CHECK_FALSE(tracker.flush(Time::max()));
  const auto press = tracker.add(Time(1s), 1, std::vector<std::uint8_t>{5, 0x80, 0x03, 0x20}, 0);
  REQUIRE(press);
  CHECK(press->end == Time(1100ms));
}

TEST_CASE("a timestamp that comes again after seconds is a new key") {
  Stream stream;
  stream.key(1s, 0, 1);
  stream.key(10s, 0, 1);
  CHECK(stream.keys() == "11");
}

TEST_CASE("no bytes lead astray") {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    EventTracker tracker;
    Duration at = 0s;
    for (int n = 0; n < 500; ++n) {
      std::vector<std::uint8_t> payload(random() % 7);
      for (std::uint8_t& byte : payload) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 18);
      at += Duration(static_cast<std::int64_t>(random() % 100'000'000) - 20'000'000);
      const auto timestamp = static_cast<std::uint32_t>(random() % 2 == 0 ? random() : random() % 2000);
      const auto press = tracker.add(Time(at), timestamp, payload, static_cast<std::uint32_t>(random() % 3 * random()));
      const auto flushed = random() % 10 == 0 ? tracker.flush(Time(at)) : std::nullopt;
      for (const auto& one : {press, flushed}) {
        if (!one) continue;
        REQUIRE(one->start <= one->end);
        REQUIRE(std::string("0123456789*#ABCD").find(one->key) != std::string::npos);
      }
    }
  }
}

}  // namespace tapestry::dtmf
