#include "capture/tcp_table.h"

#include <catch2/catch.hpp>

#include "tests/support/packet_builder.h"
#include "tests/support/recording_receiver.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Time kStart{seconds(1'700'000'000)};
const Endpoint kPhone = endpoint("10.0.0.1:40000");
const Endpoint kProxy = endpoint("10.0.0.2:5060");

struct Bench {
  explicit Bench(const DecoderLimits& limits = {}) : table(receiver, limits) {}

  bool add(const Endpoint& source, const Endpoint& destination, std::uint32_t sequence, std::string_view payload,
           std::uint8_t flags = kAck) {
    TcpSegment segment;
    segment.source = source;
    segment.destination = destination;
    segment.sequence = sequence;
    segment.syn = (flags & kSyn) != 0;
    segment.ack = (flags & kAck) != 0;
    segment.fin = (flags & kFin) != 0;
    segment.rst = (flags & kRst) != 0;
    segment.payload = as_bytes(payload);
    if (table.due(now)) table.expire(now);
    return table.add(now, segment) != FrameEnd::TcpOther;
  }
  bool up(std::uint32_t sequence, std::string_view payload, std::uint8_t flags = kAck) {
    return add(kPhone, kProxy, sequence, payload, flags);
  }
  bool down(std::uint32_t sequence, std::string_view payload, std::uint8_t flags = kAck) {
    return add(kProxy, kPhone, sequence, payload, flags);
  }
  std::string bytes(std::uint64_t stream) { return receiver.streams[stream].bytes; }

  RecordingReceiver receiver;
  TcpTable table;
  Time now = kStart;
};

TEST_CASE("both directions of a connection are streams of their own") {
  Bench bench;
  REQUIRE(bench.up(100, "", kSyn));
  REQUIRE(bench.down(900, "", kSyn | kAck));
  REQUIRE(bench.up(100, "INVITE"));
  REQUIRE(bench.down(900, "SIP/2.0"));
  REQUIRE(bench.bytes(1) == "INVITE");
  REQUIRE(bench.bytes(2) == "SIP/2.0");
  REQUIRE(bench.receiver.streams[2].source == kProxy);
  REQUIRE(bench.table.tally().streams == 2);
}

TEST_CASE("connections that are not SIP are not followed, those that begin like SIP on any port are") {
  Bench bench;
  const Endpoint web = endpoint("10.0.0.3:80");
  REQUIRE_FALSE(bench.add(kPhone, web, 1, "", kSyn));
  REQUIRE_FALSE(bench.add(kPhone, web, 1, "GET / HTTP/1.1"));
  REQUIRE_FALSE(bench.add(kPhone, web, 1, "", kRst));
  REQUIRE(bench.add(kPhone, web, 15, "OPTIONS sip:x SIP/2.0"));
  REQUIRE(bench.add(web, kPhone, 1, "whatever"));
  REQUIRE(bench.bytes(1) == "|OPTIONS sip:x SIP/2.0");
  REQUIRE(bench.bytes(2) == "|whatever");
}

TEST_CASE("a segment without payload does not begin a stream") {
  Bench bench;
  REQUIRE_FALSE(bench.up(1, ""));
  REQUIRE_FALSE(bench.up(1, "", kFin | kAck));
  REQUIRE(bench.table.tally().streams == 0);
}

TEST_CASE("a hole is waited for less than the delay line of three seconds") {
  Bench bench;
  bench.up(100, "", kSyn);
  bench.up(104, "later");
  bench.now += milliseconds(2500);
  REQUIRE_FALSE(bench.table.due(bench.now));
  bench.now += milliseconds(1);
  REQUIRE(bench.table.due(bench.now));
  bench.table.expire(bench.now);
  REQUIRE(bench.bytes(1) == "|later");
  REQUIRE(bench.table.tally().holes_aged == 1);
  REQUIRE_FALSE(bench.table.due(bench.now + seconds(3600)));
}

TEST_CASE("a hole that fills leaves no timer behind") {
  Bench bench;
  bench.up(100, "", kSyn);
  bench.up(103, "def");
  bench.up(100, "abc");
  REQUIRE(bench.bytes(1) == "abcdef");
  REQUIRE_FALSE(bench.table.due(bench.now + seconds(3600)));
}

TEST_CASE("bytes behind a hole are bounded: the hole is given up") {
  Bench bench(DecoderLimits{.stream_bytes = 10'000});
  bench.up(100, "", kSyn);
  const std::string block(3000, 'x');
  for (std::uint32_t i = 0; i < 4; ++i) bench.up(200 + i * 3000, block);
  REQUIRE(bench.bytes(1) == "|" + block + block + block + block);
  REQUIRE(bench.table.tally().holes_bound == 1);
}

TEST_CASE("tiny segments behind holes are bounded too") {
  Bench bench(DecoderLimits{.stream_bytes = 10'000});
  bench.up(100, "", kSyn);
  for (std::uint32_t i = 0; i < 1000; ++i) bench.up(200 + i * 2, "x");
  REQUIRE(bench.table.tally().holes_bound > 800);
}

TEST_CASE("a reset closes both directions and hands on what waits") {
  Bench bench;
  bench.up(100, "", kSyn);
  bench.down(900, "", kSyn | kAck);
  bench.up(102, "waits");
  bench.down(900, "", kRst);
  REQUIRE(bench.bytes(1) == "|waits");
  REQUIRE(bench.receiver.streams[1].closed);
  REQUIRE(bench.receiver.streams[2].closed);
}

TEST_CASE("late repetitions after the end begin nothing anew, a new SYN does") {
  Bench bench;
  bench.up(100, "", kSyn);
  bench.down(900, "", kSyn | kAck);
  bench.up(100, "BYE", kFin | kAck);
  bench.down(900, "OK", kFin | kAck);
  bench.up(100, "BYE", kFin | kAck);
  REQUIRE(bench.table.tally().streams == 2);
  REQUIRE(bench.bytes(1) == "BYE");
  bench.up(5000, "", kSyn);
  bench.up(5000, "again");
  bench.down(901, "", kSyn | kAck);
  bench.down(901, "yes");
  REQUIRE(bench.bytes(3) == "again");
  REQUIRE(bench.bytes(4) == "yes");
}

TEST_CASE("ports used again without a SYN in the capture begin a new stream") {
  Bench bench;
  bench.up(0x70000000, "old");
  bench.up(0x10000000, "new");
  REQUIRE(bench.bytes(1) == "|old");
  REQUIRE(bench.receiver.streams[1].closed);
  REQUIRE(bench.bytes(2) == "|new");
}

TEST_CASE("streams are bounded: the least recently used goes, those that are over first") {
  Bench bench(DecoderLimits{.streams = 6});
  const auto phone = [](int i) { return endpoint("10.0.1." + std::to_string(i) + ":40000"); };
  for (int i = 1; i <= 3; ++i) bench.add(phone(i), kProxy, 100, "", kSyn);
  bench.add(phone(1), kProxy, 100, "used");
  bench.add(phone(4), kProxy, 100, "", kSyn);
  REQUIRE(bench.table.tally().streams_evicted == 1);
  REQUIRE(bench.receiver.streams[2].closed);
  REQUIRE_FALSE(bench.receiver.streams[1].closed);
  bench.add(kProxy, phone(4), 900, "", kSyn | kAck);
  bench.add(phone(4), kProxy, 100, "", kRst);
  bench.add(phone(5), kProxy, 100, "", kSyn);
  REQUIRE(bench.table.tally().streams_evicted == 1);
  bench.add(phone(3), kProxy, 100, "still here");
  REQUIRE(bench.bytes(3) == "still here");
}

TEST_CASE("finish hands on what waits and closes every stream") {
  Bench bench;
  bench.up(100, "", kSyn);
  bench.up(105, "tail");
  bench.down(7, "x");
  bench.table.finish(bench.now);
  REQUIRE(bench.bytes(1) == "|tail");
  for (const auto& [id, stream] : bench.receiver.streams) REQUIRE(stream.closed);
}

TEST_CASE("connections of text ports are followed, and say so") {
  Bench bench;
  const Endpoint manager = endpoint("10.0.0.3:5038");
  REQUIRE(bench.add(kPhone, manager, 1, "", kSyn));
  REQUIRE(bench.add(kPhone, manager, 1, "Action: Ping"));
  REQUIRE(bench.add(manager, kPhone, 1, "Response: Success"));
  REQUIRE(bench.bytes(1) == "Action: Ping");
  REQUIRE(bench.receiver.streams[1].text);
  REQUIRE(bench.receiver.streams[2].text);
  REQUIRE(bench.up(1, "OPTIONS sip:x SIP/2.0"));
  REQUIRE_FALSE(bench.receiver.streams[3].text);
}

TEST_CASE("HTTP is followed from a request on where it is asked for") {
  DecoderLimits limits;
  limits.http = true;
  Bench bench(limits);
  const Endpoint web = endpoint("10.0.0.3:80");
  REQUIRE_FALSE(bench.add(kPhone, web, 1, "", kSyn));
  REQUIRE_FALSE(bench.add(kPhone, web, 1, "get / HTTP/1.1"));
  REQUIRE(bench.add(kPhone, web, 15, "POST /a HTTP/1.1"));
  REQUIRE(bench.add(web, kPhone, 1, "HTTP/1.1 200 OK"));
  REQUIRE(bench.receiver.streams[1].text);
  REQUIRE(bench.bytes(2) == "|HTTP/1.1 200 OK");
}

TEST_CASE("a text connection whose segment begins like SIP is one of SIP") {
  Bench bench;
  const Endpoint manager = endpoint("10.0.0.3:5038");
  REQUIRE(bench.add(kPhone, manager, 1, "hello"));
  REQUIRE(bench.add(kPhone, manager, 6, "OPTIONS sip:x SIP/2.0"));
  REQUIRE(bench.receiver.streams[1].closed);
  REQUIRE(bench.bytes(2) == "|OPTIONS sip:x SIP/2.0");
  REQUIRE_FALSE(bench.receiver.streams[2].text);
}

TEST_CASE("text and HTTP push out neither SIP nor each other") {
  DecoderLimits limits;
  limits.streams = 4;
  limits.http = true;
  Bench bench(limits);
  const Endpoint manager = endpoint("10.0.0.3:5038");
  REQUIRE(bench.up(1, "OPTIONS sip:x SIP/2.0"));
  REQUIRE(bench.add(kPhone, manager, 1, "Action: Ping"));
  for (std::uint16_t port = 1000; port < 1010; ++port) {
    REQUIRE(bench.add({kPhone.ip, port}, endpoint("10.0.0.3:80"), 1, "GET / HTTP/1.1"));
  }
  REQUIRE(bench.table.tally().streams_evicted == 8);
  REQUIRE_FALSE(bench.receiver.streams[1].closed);
  REQUIRE_FALSE(bench.receiver.streams[2].closed);
}

}  // namespace
TEST_CASE("ports that are to be followed from now on are so in connections that are open, too") {
  DecoderLimits none;
  none.text_ports.clear();
  Bench bench(none);
  const Endpoint manager = endpoint("10.0.0.2:5038");
  const Endpoint events = endpoint("10.0.0.2:8021");
  CHECK_FALSE(bench.add(kPhone, manager, 100, "Action: Ping\r\n\r\n"));
  bench.table.follow({5038}, false);
  CHECK(bench.add(kPhone, manager, 116, "Action: Ping\r\n\r\n"));
  bench.table.follow({8021}, false);
  CHECK(bench.add(kPhone, manager, 132, "Action: Ping\r\n\r\n"));
  CHECK(bench.add(kPhone, events, 1, "auth x\n\n"));
  CHECK_FALSE(bench.add(endpoint("10.0.0.9:40000"), manager, 1, "Action: Ping\r\n\r\n"));
}

}  // namespace tapestry::capture
