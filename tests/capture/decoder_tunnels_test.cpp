#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <random>
#include <string>

#include "capture/decoder.h"
#include "tests/support/recording_receiver.h"
#include "tests/support/tunnel_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Endpoint kA = endpoint("10.0.0.1:5060");
const Endpoint kB = endpoint("10.0.0.2:5062");
const Endpoint kA6 = endpoint("[2001:db8::1]:5060");
const Endpoint kB6 = endpoint("[2001:db8::2]:5062");

struct Bench {
  void add(Bytes frame, std::size_t cut = 0) {
    decoder.decode({now, kEthernet, static_cast<std::uint32_t>(frame.size()), frame.first(frame.size() - cut)});
    now += seconds(1);
  }
  std::uint64_t value(std::string_view name) const { return value_of(decoder.counters(), name); }
  bool balances() const {
    std::uint64_t ends = 0;
    for (const char* name :
         {"capture.udp", "capture.tcp", "capture.fragments", "capture.not_ip", "capture.unknown_link_type",
          "capture.other_protocol", "capture.malformed", "capture.too_deep"}) {
      ends += value(name);
    }
    return value("capture.frames") + value("capture.packets_reassembled") == ends &&
           value("capture.udp") == receiver.datagrams.size() + value("capture.mirror_copies");
  }

  RecordingReceiver receiver;
  Decoder decoder{receiver};
  Time now{seconds(1'700'000'000)};
};

Buffer packet(std::string_view payload = "inside") {
  return ip_packet(kA.ip, kB.ip, kUdp, udp_segment(kA, kB, as_bytes(payload)));
}

Buffer packet6(std::string_view payload = "inside") {
  return ip_packet(kA6.ip, kB6.ip, kUdp, udp_segment(kA6, kB6, as_bytes(payload)));
}

/// One way to carry IP packets, and the counter that tells so.
struct Way {
  const char* counter;
  std::function<Buffer(Bytes packet)> frame;
};

Buffer framed(Bytes ip) { return ethernet(ip[0] >> 4U == 6 ? kIpv6EtherType : kIpv4EtherType, ip); }

std::uint8_t ip_in_ip(Bytes ip) { return ip[0] >> 4U == 6 ? kIpv6InIp : kIpInIp; }

Buffer authentication_header(Bytes below) {
  Buffer out{kIpInIp, 4};
  out.resize(24);
  append(out, below);
  return out;
}

/// Below an IPv6 packet instead of tunnel_frame_ip's IPv4.
Buffer over_ipv6(std::uint8_t protocol, Bytes below) {
  return ethernet(kIpv6EtherType,
                  ip_packet(endpoint("[2001:db8:1::1]:1").ip, endpoint("[2001:db8:1::2]:1").ip, protocol, below));
}

const std::vector<Way> kWays{
    {"capture.mpls", [](Bytes ip) { return ethernet(kMplsEtherType, mpls(3, ip)); }},
    {"capture.mpls", [](Bytes ip) { return ethernet(kMplsEtherType, mpls(2, control_word(framed(ip)))); }},
    {"capture.mpls", [](Bytes ip) { return tunnel_frame_ip(kMplsInIp, mpls(1, ip)); }},
    {"capture.gre",
     [](Bytes ip) {
       return tunnel_frame_ip(kGre, gre(kBridging, {.key = 5, .sequence = {}, .acknowledgement = {}}, framed(ip)));
     }},
    {"capture.gre", [](Bytes ip) { return over_ipv6(kGre, gre(kBridging, {}, framed(ip))); }},
    {"capture.gre", [](Bytes ip) { return tunnel_frame_ip(kGre, gre(kErspanType, {}, framed(ip))); }},
    {"capture.erspan", [](Bytes ip) { return tunnel_frame_ip(kGre, erspan2(9, framed(ip))); }},
    {"capture.erspan", [](Bytes ip) { return tunnel_frame_ip(kGre, erspan3(true, 0, framed(ip))); }},
    {"capture.erspan", [](Bytes ip) { return tunnel_frame_ip(kGre, erspan3(false, 2, ip)); }},
    {"capture.ip_in_ip", [](Bytes ip) { return tunnel_frame_ip(ip_in_ip(ip), ip); }},
    {"capture.ip_in_ip", [](Bytes ip) { return over_ipv6(ip_in_ip(ip), ip); }},
    {"capture.vxlan", [](Bytes ip) { return tunnel_frame(kVxlanPort, vxlan(framed(ip))); }},
    {"capture.vxlan", [](Bytes ip) { return tunnel_frame(4790, vxlan_gpe(3, framed(ip))); }},
    {"capture.geneve", [](Bytes ip) { return tunnel_frame(kGenevePort, geneve(kBridging, 3, framed(ip))); }},
    {"capture.gtp", [](Bytes ip) { return tunnel_frame(kGtpPort, gtp(2, ip)); }},
    {"capture.tzsp", [](Bytes ip) { return tunnel_frame(kTzspPort, tzsp(framed(ip))); }},
};

TEST_CASE("every encapsulation gives the datagram inside, of both IP versions") {
  for (const Way& way : kWays) {
    INFO(way.counter);
    Bench bench;
    bench.add(way.frame(packet()));
    bench.add(way.frame(packet6()));
    REQUIRE(bench.receiver.datagrams.size() == 2);
    REQUIRE(bench.receiver.datagrams[0].payload == "inside");
    REQUIRE(bench.receiver.datagrams[0].source == kA);
    REQUIRE(bench.receiver.datagrams[1].payload == "inside");
    REQUIRE(bench.receiver.datagrams[1].destination == kB6);
    REQUIRE(bench.value(way.counter) == 2);
    REQUIRE(bench.balances());
  }
}

TEST_CASE("fragments inside and outside of every encapsulation are put together") {
  const std::string large(2500, 'x');
  for (const Way& way : kWays) {
    INFO(way.counter);
    Bench bench;
    for (const Buffer& piece : fragments(packet(large), 1000, 7)) bench.add(way.frame(piece));
    REQUIRE(bench.receiver.datagrams.size() == 1);
    REQUIRE(bench.receiver.datagrams[0].payload == large);
    const Buffer frame = way.frame(packet(large));
    if (frame[12] == 0x88) continue;  // MPLS without IP around it
    const Buffer outside(frame.begin() + 14, frame.end());
    for (const Buffer& piece : fragments(outside, 800, 8)) bench.add(framed(piece));
    REQUIRE(bench.receiver.datagrams.size() == 2);
    REQUIRE(bench.receiver.datagrams[1].payload == large);
    REQUIRE(bench.balances());
  }
}

TEST_CASE("fragments in fragments are put together twice") {
  const std::string large(3000, 'x');
  Bench bench;
  std::uint16_t id = 1;
  for (const Buffer& piece : fragments(packet(large), 1400, 1)) {
    const Buffer frame = tunnel_frame(kVxlanPort, vxlan(framed(piece)));
    for (const Buffer& part : fragments(Bytes(frame).subspan(14), 600, ++id)) {
      Buffer numbered = part;
      numbered[5] = static_cast<std::uint8_t>(id);
      bench.add(framed(numbered));
    }
  }
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.receiver.datagrams[0].payload == large);
  REQUIRE(bench.value("capture.packets_reassembled") == 3);
  REQUIRE(bench.balances());
}

TEST_CASE("a tunnel that the capture cut gives a datagram that is marked") {
  for (const Way& way : kWays) {
    INFO(way.counter);
    Bench bench;
    const Buffer frame = way.frame(packet());
    bench.add(frame, 2);
    REQUIRE(bench.receiver.datagrams.size() == 1);
    REQUIRE(bench.receiver.datagrams[0].payload == "insi");
    REQUIRE(bench.receiver.datagrams[0].snapped);
  }
}

TEST_CASE("no length at which a tunnel is cut does harm") {
  for (const Way& way : kWays) {
    Bench bench;
    const Buffer frame = way.frame(packet());
    for (std::size_t cut = 1; cut <= frame.size(); ++cut) bench.add(frame, cut);
    REQUIRE(bench.balances());
  }
}

TEST_CASE("TCP inside a tunnel comes out in order") {
  Bench bench;
  const auto segment = [&](std::uint32_t sequence, std::string_view text) {
    const Buffer inner = ip_packet(kA.ip, kB.ip, kTcp, tcp_segment(kA, kB, {sequence, 0, kAck}, as_bytes(text)));
    bench.add(tunnel_frame(kVxlanPort, vxlan(framed(inner))));
  };
  segment(100, "INVITE ");
  segment(107, "sip:b");
  REQUIRE(bench.receiver.streams[1].bytes == "|INVITE sip:b");
}

TEST_CASE("tunnels in tunnels are peeled to a bound that is counted") {
  const auto nested = [](int levels) {
    Buffer inner = packet();
    for (int n = 0; n < levels; ++n) inner = ip_packet(kA.ip, kB.ip, kIpInIp, inner);
    return framed(inner);
  };
  Bench bench;
  bench.add(nested(20));
  REQUIRE(bench.receiver.datagrams.size() == 1);
  bench.add(nested(40));
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.value("capture.too_deep") == 1);
  REQUIRE(bench.balances());
}

TEST_CASE("a router's VXLAN of a switch's ERSPAN of a provider's VLAN and MPLS is peeled") {
  const Buffer tagged = link_frame(kEthernet, packet(), {300, 20});
  const Buffer pseudowire = ethernet(kMplsEtherType, mpls(2, tagged));
  Bench bench;
  bench.add(tunnel_frame(kVxlanPort, vxlan(tunnel_frame_ip(kGre, erspan2(1, pseudowire)))));
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.receiver.datagrams[0].source == kA);
}

TEST_CASE("an authentication header is skipped in both IP versions") {
  Bench bench;
  bench.add(tunnel_frame_ip(kAuthenticationHeader, authentication_header(packet())));
  bench.add(over_ipv6(kAuthenticationHeader, authentication_header(packet())));
  REQUIRE(bench.receiver.datagrams.size() == 2);
  bench.add(tunnel_frame_ip(kAuthenticationHeader, Buffer{17, 200, 0, 0}));
  REQUIRE(bench.value("capture.malformed") == 1);
}

TEST_CASE("RTP and SIP at a tunnel's port are handed on as they are") {
  Bench bench;
  std::size_t sent = 0;
  for (const std::uint16_t port : {kVxlanPort, std::uint16_t{4790}, kGenevePort, kGtpPort, kTzspPort, kHepPort}) {
    for (const std::uint8_t first : {std::uint8_t{0x80}, std::uint8_t{0x88}, std::uint8_t{0xb0}}) {
      Buffer rtp = rtp_packet(8, 7, 160, 99, false, Buffer(160, 0x08));
      rtp[0] = first;
      bench.add(tunnel_frame(port, rtp));
      bench.add(tunnel_frame(port, rtp));
      sent += 2;
      REQUIRE(bench.receiver.datagrams.back().payload == as_text(rtp));
    }
    for (const char* text : {"OPTIONS sip:a@b SIP/2.0\r\n\r\n", "\r\n\r\n", "\x08 no VXLAN", "HEP3"}) {
      bench.add(tunnel_frame(port, buffer(text)));
      ++sent;
      REQUIRE(bench.receiver.datagrams.back().payload == text);
    }
  }
  REQUIRE(bench.receiver.datagrams.size() == sent);
  REQUIRE(bench.balances());
}

TEST_CASE("what a tunnel's port carries is handed on when nothing can be read in it") {
  Bench bench;
  const Buffer arp = vxlan(ethernet(0x0806, Buffer(28, 1)));
  bench.add(tunnel_frame(kVxlanPort, arp));
  REQUIRE(bench.receiver.datagrams.back().payload == as_text(arp));
  const Buffer broken = vxlan(ethernet(kIpv4EtherType, Buffer(28, 1)));
  bench.add(tunnel_frame(kVxlanPort, broken));
  REQUIRE(bench.receiver.datagrams.back().payload == as_text(broken));
  bench.add(tunnel_frame(kVxlanPort, vxlan(ethernet(kIpv4EtherType, ip_packet(kA.ip, kB.ip, 1, Buffer(8, 8))))));
  REQUIRE(bench.receiver.datagrams.size() == 2);
  REQUIRE(bench.value("capture.other_protocol") == 1);
  REQUIRE(bench.balances());
}

TEST_CASE("HEP3 is handed on as what it carries, with its own time") {
  Bench bench;
  const HepFields fields{kA6, kB6, bench.now - milliseconds(80)};
  bench.add(tunnel_frame(kHepPort, hep(fields, "INVITE sip:a@b SIP/2.0\r\n\r\n")));
  bench.add(tunnel_frame(12345, hep({kA, kB, bench.now}, "BYE sip:a@b SIP/2.0\r\n\r\n")));
  REQUIRE(bench.receiver.datagrams.size() == 2);
  REQUIRE(bench.receiver.datagrams[0].time == fields.time);
  REQUIRE(bench.receiver.datagrams[0].source == kA6);
  REQUIRE(bench.receiver.datagrams[1].payload == "BYE sip:a@b SIP/2.0\r\n\r\n");
  REQUIRE(bench.value("capture.hep") == 2);
  REQUIRE(bench.balances());
}

TEST_CASE("a mirror's copies are dropped whatever is around them, but never RTP") {
  Bench bench;
  const Buffer message = packet("INVITE sip:b@c SIP/2.0\r\n\r\n");
  Buffer routed = message;
  routed[8] = 63;
  routed[11] = static_cast<std::uint8_t>(routed[11] + 1);
  const Time begin = bench.now;
  const std::vector<Buffer> copies{framed(message), link_frame(kEthernet, message, {20}), framed(routed),
                                   tunnel_frame(kVxlanPort, vxlan(framed(message)))};
  for (const Buffer& copy : copies) {
    bench.add(copy);
    bench.now = begin + milliseconds(40);
  }
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.value("capture.mirror_copies") == 3);
  const Buffer rtp = framed(packet(as_text(rtp_packet(101, 7, 160, 99, false, Buffer(4, 1)))));
  for (int n = 0; n < 3; ++n) {
    bench.now = begin + milliseconds(50);
    bench.add(rtp);
  }
  REQUIRE(bench.receiver.datagrams.size() == 4);
  REQUIRE(bench.balances());
}

TEST_CASE("fragments that a mirror shows twice leave nothing behind") {
  Bench bench;
  const Time begin = bench.now;
  for (const Buffer& piece : fragments(packet(std::string(3000, 'x')), 1000, 5)) {
    for (int copy = 0; copy < 2; ++copy) {
      bench.add(copy == 0 ? framed(piece) : link_frame(kEthernet, piece, {7}));
      bench.now = begin + milliseconds(1);
    }
  }
  REQUIRE(bench.receiver.datagrams.size() == 1);
  REQUIRE(bench.value("capture.fragments_duplicate") == 4);
  bench.decoder.finish();
  REQUIRE(bench.value("capture.packets_incomplete") == 0);
  REQUIRE(bench.balances());
}

TEST_CASE("tunnels with random damage are only counted, and every frame has one end") {
  std::mt19937 random(4789);
  Bench bench;
  const std::vector<Buffer> pieces = fragments(packet(std::string(900, 'x')), 576);
  for (int i = 0; i < 20'000; ++i) {
    const Way& way = kWays[random() % kWays.size()];
    Buffer frame = way.frame(i % 3 == 0 ? packet6() : i % 3 == 1 ? packet() : pieces.at(0));
    for (unsigned flips = random() % 4; flips > 0; --flips) {
      frame[random() % frame.size()] = static_cast<std::uint8_t>(random());
    }
    bench.add(frame, random() % 8 == 0 ? random() % frame.size() : 0);
  }
  bench.decoder.finish();
  REQUIRE(bench.balances());
}

}  // namespace
}  // namespace tapestry::capture
