#include "capture/ip.h"

#include <catch2/catch.hpp>

#include <optional>
#include <utility>

#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

const IpAddress kA4 = endpoint("192.0.2.1:1").ip;
const IpAddress kB4 = endpoint("192.0.2.2:1").ip;
const IpAddress kA6 = endpoint("[2001:db8::1]:1").ip;
const IpAddress kB6 = endpoint("[2001:db8::2]:1").ip;

/// A packet with the bytes that its payload points into.
struct Parsed : IpPacket {
  Buffer owner;
};

std::optional<Parsed> parse(Bytes bytes, std::size_t missing = 0) {
  Parsed parsed;
  append(parsed.owner, bytes);
  const bool v6 = bytes[0] >> 4U == 6;
  const bool good = v6 ? parse_ipv6(parsed.owner, missing, parsed) : parse_ipv4(parsed.owner, missing, parsed);
  return good ? std::optional(std::move(parsed)) : std::nullopt;
}

/// An IPv6 packet with these headers (each begins with its next header) before a UDP payload.
Buffer with_extensions(std::uint8_t first, const std::vector<Buffer>& headers, std::string_view payload) {
  Buffer inner;
  for (const Buffer& header : headers) append(inner, header);
  append(inner, as_bytes(payload));
  return ip_packet(kA6, kB6, first, inner);
}

TEST_CASE("addresses, protocol and payload come out of both IP versions") {
  const auto v4 = parse(ip_packet(kA4, kB4, kUdp, as_bytes("payload"))).value();
  REQUIRE(v4.source == kA4);
  REQUIRE(v4.destination == kB4);
  REQUIRE(v4.protocol == kUdp);
  REQUIRE(as_text(v4.payload) == "payload");
  REQUIRE_FALSE(v4.fragment);
  const auto v6 = parse(ip_packet(kA6, kB6, kTcp, as_bytes("payload"))).value();
  REQUIRE(v6.source == kA6);
  REQUIRE(v6.destination == kB6);
  REQUIRE(v6.protocol == kTcp);
  REQUIRE(as_text(v6.payload) == "payload");
}

TEST_CASE("link-layer padding behind the IP length is cut off") {
  for (Buffer packet : {ip_packet(kA4, kB4, kUdp, as_bytes("hi")), ip_packet(kA6, kB6, kUdp, as_bytes("hi"))}) {
    packet.resize(packet.size() + 24, 0xaa);
    REQUIRE(as_text(parse(packet).value().payload) == "hi");
  }
}

TEST_CASE("IPv4 options are skipped") {
  Buffer packet = ip_packet(kA4, kB4, kUdp, as_bytes("payload"));
  packet.insert(packet.begin() + 20, {7, 7, 4, 0, 0, 0, 0, 0});
  packet[0] = 0x47;
  packet[3] = static_cast<std::uint8_t>(packet.size());
  REQUIRE(as_text(parse(packet).value().payload) == "payload");
}

TEST_CASE("a length of zero reaches to the end of the frame, with what the capture cut off") {
  Buffer packet = ip_packet(kA4, kB4, kUdp, as_bytes("payload"));
  packet[2] = packet[3] = 0;
  const auto read = parse(packet, 100).value();
  REQUIRE(as_text(read.payload) == "payload");
  REQUIRE(read.payload_length == 107);
}

TEST_CASE("a packet shorter than its length keeps the length it claims") {
  const Buffer packet = ip_packet(kA4, kB4, kUdp, as_bytes("payload"));
  const auto read = parse(Bytes(packet).first(24)).value();
  REQUIRE(as_text(read.payload) == "payl");
  REQUIRE(read.payload_length == 7);
}

TEST_CASE("IPv6 extension headers are skipped up to the transport") {
  const Buffer hop{43, 0, 1, 4, 0, 0, 0, 0};
  const Buffer routing{60, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
  const Buffer destination{51, 0, 1, 4, 0, 0, 0, 0};
  const Buffer authentication{kUdp, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2};
  const auto read = parse(with_extensions(0, {hop, routing, destination, authentication}, "payload")).value();
  REQUIRE(read.protocol == kUdp);
  REQUIRE(as_text(read.payload) == "payload");
  REQUIRE(read.payload_length == 7);
  REQUIRE(transport_layer(read) == LayerKind::Udp);
}

TEST_CASE("an IPv6 fragment header without fragments is only skipped") {
  const auto read = parse(with_extensions(44, {{kUdp, 0, 0, 0, 1, 2, 3, 4}}, "payload")).value();
  REQUIRE_FALSE(read.fragment);
  REQUIRE(as_text(read.payload) == "payload");
}

TEST_CASE("fragments of both versions tell their place") {
  const Buffer payload(100, 'x');
  const auto v4 = fragments(ip_packet(kA4, kB4, kUdp, payload, 77), 60);
  const auto second4 = parse(v4.at(1)).value();
  REQUIRE(second4.fragment);
  REQUIRE(second4.fragment_at == 40);
  REQUIRE(second4.more_fragments);
  REQUIRE(second4.identification == 77);
  const auto v6 = fragments(ip_packet(kA6, kB6, kUdp, payload), 96, 0x12345678);
  const auto last6 = parse(v6.at(2)).value();
  REQUIRE(last6.fragment_at == 96);
  REQUIRE_FALSE(last6.more_fragments);
  REQUIRE(last6.identification == 0x12345678);
  REQUIRE(last6.payload.size() == 4);
  REQUIRE(transport_layer(last6) == LayerKind::Fragment);
}

TEST_CASE("malformed IP headers are refused") {
  Buffer v4 = ip_packet(kA4, kB4, kUdp, as_bytes("payload"));
  for (std::size_t size = 1; size < 20; ++size) REQUIRE_FALSE(parse(Bytes(v4).first(size)));
  v4[0] = 0x44;
  REQUIRE_FALSE(parse(v4));
  v4[0] = 0x4f;
  REQUIRE_FALSE(parse(v4));
  v4[0] = 0x45;
  v4[3] = 19;
  REQUIRE_FALSE(parse(v4));
  const Buffer v6 = ip_packet(kA6, kB6, kUdp, as_bytes("payload"));
  for (std::size_t size = 1; size < 40; ++size) REQUIRE_FALSE(parse(Bytes(v6).first(size)));
  REQUIRE_FALSE(parse(with_extensions(0, {{kUdp, 9, 0, 0, 0, 0, 0, 0}}, "short")));
  const std::vector<Buffer> endless(20, Buffer{60, 0, 1, 4, 0, 0, 0, 0});
  REQUIRE_FALSE(parse(with_extensions(60, endless, "")));
}

}  // namespace
}  // namespace tapestry::capture
