#include "capture/tcp_segment.h"

#include <catch2/catch.hpp>

#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

IpPacket packet_of(Bytes segment) {
  IpPacket packet;
  packet.source = endpoint("10.0.0.1:1").ip;
  packet.destination = endpoint("10.0.0.2:1").ip;
  packet.protocol = kTcp;
  packet.payload = segment;
  packet.payload_length = segment.size();
  return packet;
}

TcpSegment with_payload(std::string_view payload, std::uint16_t port) {
  TcpSegment segment;
  segment.source.port = 40000;
  segment.destination.port = port;
  segment.payload = as_bytes(payload);
  return segment;
}

TEST_CASE("a TCP segment's fields and payload are read") {
  const Buffer bytes =
      tcp_segment(endpoint("10.0.0.1:40000"), endpoint("10.0.0.2:5060"), {77, 0, kFin | kAck}, as_bytes("payload"));
  const auto segment = parse_tcp(packet_of(bytes)).value();
  REQUIRE(segment.source == endpoint("10.0.0.1:40000"));
  REQUIRE(segment.destination == endpoint("10.0.0.2:5060"));
  REQUIRE(segment.sequence == 77);
  REQUIRE((segment.fin && segment.ack && !segment.syn && !segment.rst));
  REQUIRE(as_text(segment.payload) == "payload");
  REQUIRE(segment.cut == 0);
}

TEST_CASE("a SYN takes one sequence number, options are skipped") {
  Buffer bytes =
      tcp_segment(endpoint("10.0.0.1:1"), endpoint("10.0.0.2:2"), {0xffffffff, 0, kSyn}, as_bytes("opt payload"));
  bytes[12] = 0x60;
  const auto segment = parse_tcp(packet_of(bytes)).value();
  REQUIRE(segment.syn);
  REQUIRE(segment.sequence == 0);
  REQUIRE(as_text(segment.payload) == "payload");
}

TEST_CASE("what the capture cut off a segment is known") {
  const Buffer bytes = tcp_segment(endpoint("10.0.0.1:1"), endpoint("10.0.0.2:2"), {}, as_bytes("payload"));
  IpPacket packet = packet_of(Bytes(bytes).first(23));
  packet.payload_length = 27;
  const auto segment = parse_tcp(packet).value();
  REQUIRE(as_text(segment.payload) == "pay");
  REQUIRE(segment.cut == 4);
}

TEST_CASE("malformed TCP headers are refused") {
  Buffer bytes = tcp_segment(endpoint("10.0.0.1:1"), endpoint("10.0.0.2:2"), {}, {});
  REQUIRE_FALSE(parse_tcp(packet_of(Bytes(bytes).first(19))));
  bytes[12] = 0x40;
  REQUIRE_FALSE(parse_tcp(packet_of(bytes)));
  bytes[12] = 0xf0;
  REQUIRE_FALSE(parse_tcp(packet_of(bytes)));
}

TEST_CASE("SIP is known by its ports or by how a segment begins") {
  REQUIRE(carries_sip(with_payload("", 5060)));
  REQUIRE(carries_sip(with_payload("anything", 5080)));
  REQUIRE(carries_sip(with_payload("SIP/2.0 200 OK\r\n", 7777)));
  REQUIRE(carries_sip(with_payload("INVITE sip:a@b SIP/2.0\r\n", 7777)));
  REQUIRE(carries_sip(with_payload("REGISTER sips:b SIP/2.0\r\n", 7777)));
  REQUIRE(carries_sip(with_payload("INVITE tel:+4989 SIP/2.0\r\n", 7777)));
  REQUIRE_FALSE(carries_sip(with_payload("GET /sip: HTTP/1.1\r\n", 80)));
  REQUIRE_FALSE(carries_sip(with_payload(" sip:a", 80)));
  REQUIRE_FALSE(carries_sip(with_payload("INVITE", 80)));
  REQUIRE_FALSE(carries_sip(with_payload("", 80)));
}

}  // namespace
}  // namespace tapestry::capture
