#include "capture/link_layer.h"

#include <catch2/catch.hpp>

#include "capture/link_type.h"
#include "capture/tunnel.h"
#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

const Buffer kPacket4 = ip_packet(endpoint("10.0.0.1:1").ip, endpoint("10.0.0.2:2").ip, kUdp, as_bytes("payload"));
const Buffer kPacket6 = ip_packet(endpoint("[::1]:1").ip, endpoint("[::2]:2").ip, kUdp, as_bytes("payload"));

struct Layer {
  LayerKind kind = LayerKind::Malformed;
  Bytes bytes;
};

Layer peel_all(std::uint32_t link_type, Bytes frame) {
  Layer layer{.bytes = frame};
  layer.kind = outer_layer(link_type, layer.bytes);
  for (int depth = 0; depth < 8; ++depth) {
    if (layer.kind == LayerKind::Ethernet) layer.kind = peel_ethernet(layer.bytes);
    if (layer.kind == LayerKind::Vlan) layer.kind = peel_vlan(layer.bytes);
    if (layer.kind == LayerKind::Pppoe) layer.kind = peel_pppoe(layer.bytes);
    if (layer.kind == LayerKind::Ppp) layer.kind = peel_ppp(layer.bytes);
  }
  return layer;
}

LayerKind outer(std::uint32_t link_type, Bytes frame) { return outer_layer(link_type, frame); }

TEST_CASE("every link type is peeled down to the IP packet") {
  const auto link_type = GENERATE(values<std::uint32_t>({kEthernet, kCooked1, kCooked2, kNullLink, kLoopLink}));
  for (const Buffer& packet : {kPacket4, kPacket6}) {
    const Buffer frame = link_frame(link_type, packet);
    const Layer layer = peel_all(link_type, frame);
    INFO(link_type);
    REQUIRE(layer.kind == (packet == kPacket4 ? LayerKind::Ipv4 : LayerKind::Ipv6));
    REQUIRE(std::ranges::equal(layer.bytes, packet));
  }
}

TEST_CASE("raw IP comes under several numbers") {
  for (const std::uint32_t raw : {link::kRaw, link::kRawBsd, link::kRawOpenBsd}) {
    REQUIRE(outer(raw, kPacket4) == LayerKind::Ip);
  }
  REQUIRE(outer(link::kIpv4, kPacket4) == LayerKind::Ipv4);
  REQUIRE(outer(link::kIpv6, kPacket6) == LayerKind::Ipv6);
}

TEST_CASE("VLAN tags are peeled, one or several") {
  const auto link_type = GENERATE(values<std::uint32_t>({kEthernet, kCooked1, kCooked2}));
  for (const std::vector<std::uint16_t>& vlans : {std::vector<std::uint16_t>{7}, {7, 8}, {7, 8, 9}}) {
    const Buffer frame = link_frame(link_type, kPacket4, vlans);
    const Layer layer = peel_all(link_type, frame);
    REQUIRE(layer.kind == LayerKind::Ipv4);
    REQUIRE(std::ranges::equal(layer.bytes, kPacket4));
  }
}

TEST_CASE("a PPPoE session is peeled") {
  Buffer frame(12, 2);
  append_big(frame, 0x8864, 2);
  append_big(frame, 0x110000010000, 6);
  append_big(frame, 0x0021, 2);
  append(frame, kPacket4);
  REQUIRE(peel_all(kEthernet, frame).kind == LayerKind::Ipv4);
  frame[21] = 0x57;
  REQUIRE(peel_all(kEthernet, frame).kind == LayerKind::Ipv6);
  frame[20] = 0xc0;
  REQUIRE(peel_all(kEthernet, frame).kind == LayerKind::NotIp);
}

TEST_CASE("ERF records of Ethernet are peeled, with and without extension headers") {
  const Buffer inner = link_frame(kEthernet, kPacket4);
  const bool extended = GENERATE(false, true);
  Buffer frame(16, 0);
  frame[8] = extended ? 0x82 : 0x02;
  if (extended) {
    append_big(frame, 0x8300000000000000, 8);
    append_big(frame, 0x0300000000000000, 8);
  }
  append_big(frame, 0, 2);
  append(frame, inner);
  REQUIRE(peel_all(kErf, frame).kind == LayerKind::Ipv4);
  frame[8] = 0x01;
  REQUIRE(peel_all(kErf, frame).kind == LayerKind::UnknownLink);
}

TEST_CASE("what is not IP is told apart from what is unknown") {
  Buffer arp(12, 2);
  append_big(arp, 0x0806, 2);
  REQUIRE(peel_all(kEthernet, arp).kind == LayerKind::NotIp);
  REQUIRE(peel_all(kNullLink, Buffer{7, 0, 0, 0}).kind == LayerKind::NotIp);
  REQUIRE(outer(147, arp) == LayerKind::UnknownLink);
}

TEST_CASE("link headers cut anywhere are malformed") {
  const auto link_type = GENERATE(values<std::uint32_t>({kEthernet, kCooked1, kCooked2, kNullLink, kErf}));
  const std::size_t header = link_frame(link_type, {}).size();
  const Buffer frame = link_frame(link_type, kPacket4);
  for (std::size_t size = 0; size < header; ++size) {
    REQUIRE(peel_all(link_type, Bytes(frame).first(size)).kind == LayerKind::Malformed);
  }
}

}  // namespace
}  // namespace tapestry::capture
