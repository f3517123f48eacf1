#include "capture/decoder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "tests/support/packet_builder.h"
#include "tests/support/recording_receiver.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::seconds;

const Time kStart{seconds(1'700'000'000)};
const Endpoint kA = endpoint("10.0.0.1:5060");
const Endpoint kB = endpoint("10.0.0.2:5060");
const Endpoint kA6 = endpoint("[2001:db8::1]:5060");
const Endpoint kB6 = endpoint("[2001:db8::2]:5060");

struct Bench {
  void add(Bytes frame, std::uint32_t link_type = kEthernet, std::size_t original = 0) {
    const auto length = static_cast<std::uint32_t>(std::max(original, frame.size()));
    decoder.decode({now, link_type, length, frame});
    now += step;
  }
  std::uint64_t value(std::string_view name) const { return value_of(decoder.counters(), name); }
  /// Each frame and each reassembled packet has exactly one end.
  bool balances() const {
    std::uint64_t ends = 0;
    for (const char* name :
         {"capture.udp", "capture.tcp", "capture.fragments", "capture.not_ip", "capture.unknown_link_type",
          "capture.other_protocol", "capture.malformed", "capture.too_deep"}) {
      ends += value(name);
    }
    return value("capture.frames") + value("capture.packets_reassembled") == ends;
  }

  RecordingReceiver receiver;
  Decoder decoder{receiver};
  Time now = kStart;
  Duration step{0};  ///< between frames; far enough for equal ones to be no mirror's copies
};

Buffer udp_packet(const Endpoint& source, const Endpoint& destination, std::string_view payload) {
  return ip_packet(source.ip, destination.ip, kUdp, udp_segment(source, destination, as_bytes(payload)));
}

TEST_CASE("UDP payloads come out of every link type with time and endpoints") {
  const auto link_type =
      GENERATE(values<std::uint32_t>({kEthernet, kCooked1, kCooked2, kNullLink, kLoopLink, kRawIp, kIpv4Link, 12}));
  Bench bench;
  bench.add(link_frame(link_type, udp_packet(kA, kB, "hello")), link_type);
  REQUIRE(bench.receiver.datagrams.size() == 1);
  const auto& datagram = bench.receiver.datagrams[0];
  REQUIRE(datagram.payload == "hello");
  REQUIRE(datagram.source == kA);
  REQUIRE(datagram.destination == kB);
  REQUIRE(datagram.time == kStart);
  REQUIRE_FALSE(datagram.snapped);
  REQUIRE(bench.balances());
}

TEST_CASE("IPv6 UDP comes out of Ethernet, raw IP and VLANs") {
  Bench bench;
  bench.step = seconds(1);
  const Buffer packet = udp_packet(kA6, kB6, "hello");
  bench.add(link_frame(kEthernet, packet));
  bench.add(packet, kRawIp);
  bench.add(packet, kIpv6Link);
  bench.add(link_frame(kEthernet, packet, {5, 6}));
  REQUIRE(bench.receiver.datagrams.size() == 4);
  for (const auto& datagram : bench.receiver.datagrams) {
    REQUIRE(datagram.source == kA6);
    REQUIRE(datagram.payload == "hello");
  }
}

TEST_CASE("VLAN tags are peeled to a bound that is counted") {
  Bench bench;
  bench.add(link_frame(kEthernet, udp_packet(kA, kB, "x"), std::vector<std::uint16_t>(12, 1)));
  REQUIRE(bench.receiver.datagrams.size() == 1);
  bench.add(link_frame(kEthernet, udp_packet(kA, kB, "x"), std::vector<std::uint16_t>(40, 1)));
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.value("capture.too_deep") == 1);
  REQUIRE(bench.balances());
}

TEST_CASE("a UDP length that lies is bounded by the IP packet, and may be shorter") {
  Bench bench;
  bench.step = seconds(1);
  Buffer frame = udp_frame(kA, kB, as_bytes("payload"));
  frame.resize(80);
  const auto with_length = [&](std::uint8_t high, std::uint8_t low) {
    frame[38] = high;
    frame[39] = low;
    bench.add(frame);
  };
  with_length(0xff, 0xff);
  with_length(0, 11);
  with_length(0, 0);
  with_length(0, 7);
  REQUIRE(bench.receiver.datagrams.size() == 3);
  REQUIRE(bench.receiver.datagrams[0].payload == "payload");
  REQUIRE_FALSE(bench.receiver.datagrams[0].snapped);
  REQUIRE(bench.receiver.datagrams[1].payload == "pay");
  REQUIRE(bench.receiver.datagrams[2].payload == "payload");
  REQUIRE(bench.value("capture.malformed") == 1);
}

TEST_CASE("a payload that the capture cut is marked, one that is whole in a cut frame is not") {
  Bench bench;
  const Buffer frame = udp_frame(kA, kB, as_bytes("payload"));
  bench.add(Bytes(frame).first(frame.size() - 3), kEthernet, frame.size());
  bench.add(frame, kEthernet, frame.size() + 4);
  REQUIRE(bench.receiver.datagrams[0].payload == "payl");
  REQUIRE(bench.receiver.datagrams[0].snapped);
  REQUIRE_FALSE(bench.receiver.datagrams[1].snapped);
  REQUIRE(bench.value("capture.snapped") == 2);
  REQUIRE(bench.value("capture.udp_snapped") == 1);
}

TEST_CASE("fragmented UDP of both IP versions comes out once it is whole") {
  const bool v6 = GENERATE(false, true);
  const std::string payload(4000, 'p');
  const Buffer packet = v6 ? udp_packet(kA6, kB6, payload) : udp_packet(kA, kB, payload);
  auto pieces = fragments(packet, 1280, 9);
  std::ranges::reverse(pieces);
  Bench bench;
  for (const Buffer& piece : pieces) bench.add(link_frame(kEthernet, piece));
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.receiver.datagrams[0].payload == payload);
  REQUIRE(bench.receiver.datagrams[0].source == (v6 ? kA6 : kA));
  REQUIRE(bench.value("capture.fragments") == 4);
  REQUIRE(bench.value("capture.fragments_reassembled") == 4);
  REQUIRE(bench.value("capture.packets_reassembled") == 1);
  REQUIRE(bench.balances());
}

TEST_CASE("extension headers inside a packet put together are skipped, fragments inside are malformed") {
  Buffer inner{kUdp, 0, 1, 4, 0, 0, 0, 0};
  append(inner, udp_segment(kA6, kB6, as_bytes("inside")));
  Bench bench;
  for (const std::uint8_t protocol : {std::uint8_t{60}, std::uint8_t{44}}) {
    inner[3] = 1;
    for (const Buffer& piece : fragments(ip_packet(kA6.ip, kB6.ip, protocol, inner), 64, protocol)) {
      bench.add(piece, kRawIp);
    }
  }
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.receiver.datagrams[0].payload == "inside");
  REQUIRE(bench.value("capture.malformed") == 1);
  REQUIRE(bench.balances());
}

TEST_CASE("fragments that never become whole are counted at the end") {
  Bench bench;
  const auto pieces = fragments(udp_packet(kA, kB, std::string(3000, 'x')), 1500);
  bench.add(link_frame(kEthernet, pieces.at(1)));
  bench.decoder.finish();
  REQUIRE(bench.value("capture.fragments_dropped") == 1);
  REQUIRE(bench.value("capture.packets_incomplete") == 1);
  REQUIRE(bench.receiver.datagrams.empty());
}

TEST_CASE("TCP that carries SIP comes out in order, other TCP is counted") {
  Bench bench;
  const Endpoint phone = endpoint("10.0.0.1:40000");
  bench.add(tcp_frame(phone, kB, {99, 0, kSyn}, {}));
  bench.add(tcp_frame(phone, kB, {104, 0, kAck}, as_bytes("E sip:b")));
  bench.add(tcp_frame(phone, kB, {100, 0, kAck}, as_bytes("INVI")));
  bench.add(tcp_frame(phone, endpoint("10.0.0.9:443"), {1, 0, kAck}, as_bytes("tls")));
  REQUIRE(bench.receiver.streams[1].bytes == "INVIE sip:b");
  REQUIRE(bench.value("capture.tcp") == 4);
  REQUIRE(bench.value("capture.tcp_ignored") == 1);
  bench.decoder.finish();
  REQUIRE(bench.receiver.streams[1].closed);
}

TEST_CASE("a hole in a TCP stream is given up while only other packets come") {
  Bench bench;
  bench.add(tcp_frame(kA, kB, {99, 0, kSyn}, {}));
  bench.add(tcp_frame(kA, kB, {104, 0, kAck}, as_bytes("later")));
  bench.now += seconds(4);
  bench.add(udp_frame(kA, kB, as_bytes("any")));
  REQUIRE(bench.receiver.streams[1].bytes == "|later");
}

TEST_CASE("a TCP segment that the capture cut gives what is there, then a loss") {
  Bench bench;
  const Buffer frame = tcp_frame(kA, kB, {100, 0, kAck}, as_bytes("abcdefgh"));
  bench.add(tcp_frame(kA, kB, {99, 0, kSyn}, {}));
  bench.add(Bytes(frame).first(frame.size() - 5), kEthernet, frame.size());
  bench.add(tcp_frame(kA, kB, {108, 0, kAck}, as_bytes("ij")));
  REQUIRE(bench.receiver.streams[1].bytes == "abc|ij");
}

TEST_CASE("what is no UDP or TCP is counted by kind") {
  Bench bench;
  bench.add(link_frame(kEthernet, ip_packet(kA.ip, kB.ip, 1, as_bytes("ping"))));
  Buffer arp = udp_frame(kA, kB, {});
  arp[13] = 6;
  bench.add(arp);
  bench.add(arp, 147);
  bench.add({});
  REQUIRE(bench.value("capture.other_protocol") == 1);
  REQUIRE(bench.value("capture.not_ip") == 1);
  REQUIRE(bench.value("capture.unknown_link_type") == 1);
  REQUIRE(bench.value("capture.malformed") == 1);
  REQUIRE(bench.balances());
}

TEST_CASE("frames with random damage are only counted, and every frame has one end") {
  std::mt19937 random(5060);
  Bench bench;
  const Buffer udp = link_frame(kEthernet, udp_packet(kA6, kB6, "payload"), {3});
  const Buffer tcp = tcp_frame(kA, kB, {100, 0, kAck}, as_bytes("INVITE sip:b SIP/2.0"));
  const Buffer piece = link_frame(kEthernet, fragments(udp_packet(kA, kB, std::string(900, 'x')), 576).at(0));
  for (int i = 0; i < 30'000; ++i) {
    Buffer frame = i % 3 == 0 ? udp : i % 3 == 1 ? tcp : piece;
    for (unsigned flips = random() % 4; flips > 0; --flips) {
      frame[random() % frame.size()] = static_cast<std::uint8_t>(random());
    }
    frame.resize(frame.size() - std::min<std::size_t>(frame.size(), random() % 8 == 0 ? random() % 100 : 0));
    bench.add(frame, random() % 5 == 0 ? kRawIp : kEthernet);
    bench.now += std::chrono::milliseconds(random() % 20);
  }
  bench.decoder.finish();
  REQUIRE(bench.balances());
  REQUIRE(bench.value("capture.fragments") == bench.value("capture.fragments_reassembled") +
                                                  bench.value("capture.fragments_duplicate") +
                                                  bench.value("capture.fragments_dropped"));
}

}  // namespace
}  // namespace tapestry::capture
