#include "capture/udp_tunnel.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/support/tunnel_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

const Endpoint kA = endpoint("10.0.0.1:5060");
const Endpoint kB = endpoint("10.0.0.2:5060");
const Buffer kPacket = ip_packet(kA.ip, kB.ip, kUdp, udp_segment(kA, kB, as_bytes("inside")));
const Buffer kFrame = ethernet(kIpv4EtherType, kPacket);

template <class Peel>
LayerKind peeled(Peel peel, const Buffer& whole, const Buffer& below) {
  Bytes bytes(whole);
  const LayerKind kind = peel(bytes);
  REQUIRE(std::ranges::equal(bytes, below));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    Bytes part(cut);
    if (peel(part) == LayerKind::Malformed) REQUIRE(part.size() == size);
  }
  return kind;
}

/// Malformed once the octet is changed so.
template <class Peel>
bool refuses(Peel peel, Buffer whole, std::size_t at, std::uint8_t octet) {
  whole.at(at) = octet;
  Bytes bytes(whole);
  return peel(bytes) == LayerKind::Malformed;
}

TEST_CASE("the ports of UDP tunnels are known, others are none") {
  REQUIRE(udp_tunnel(kVxlanPort) == LayerKind::Vxlan);
  REQUIRE(udp_tunnel(4790) == LayerKind::Vxlan);
  REQUIRE(udp_tunnel(8472) == LayerKind::Vxlan);
  REQUIRE(udp_tunnel(kGenevePort) == LayerKind::Geneve);
  REQUIRE(udp_tunnel(kGtpPort) == LayerKind::Gtp);
  REQUIRE(udp_tunnel(kTzspPort) == LayerKind::Tzsp);
  REQUIRE(udp_tunnel(5060) == LayerKind::Udp);
}

TEST_CASE("VXLAN gives the frame, with a group policy too, and GPE what it names") {
  REQUIRE(peeled(peel_vxlan, vxlan(kFrame), kFrame) == LayerKind::Ethernet);
  Buffer policy = vxlan(kFrame);
  policy[0] = 0x88;
  policy[3] = 1;
  REQUIRE(peeled(peel_vxlan, policy, kFrame) == LayerKind::Ethernet);
  REQUIRE(peeled(peel_vxlan, vxlan_gpe(1, kPacket), kPacket) == LayerKind::Ipv4);
  REQUIRE(peeled(peel_vxlan, vxlan_gpe(2, kPacket), kPacket) == LayerKind::Ipv6);
  REQUIRE(peeled(peel_vxlan, vxlan_gpe(3, kFrame), kFrame) == LayerKind::Ethernet);
  REQUIRE(peeled(peel_vxlan, vxlan_gpe(5, kPacket), kPacket) == LayerKind::Mpls);
  REQUIRE(peeled(peel_vxlan, vxlan_gpe(4, kPacket), kPacket) == LayerKind::NotIp);
}

TEST_CASE("GENEVE is peeled with all lengths of options") {
  for (const unsigned words : {0U, 1U, 9U, 63U}) {
    REQUIRE(peeled(peel_geneve, geneve(kBridging, words, kFrame), kFrame) == LayerKind::Ethernet);
    REQUIRE(peeled(peel_geneve, geneve(kIpv4EtherType, words, kPacket), kPacket) == LayerKind::Ipv4);
  }
}

TEST_CASE("GTP-U packets are peeled with sequence number and extension headers") {
  for (const unsigned extensions : {0U, 1U, 3U}) {
    REQUIRE(peeled(peel_gtp, gtp(extensions, kPacket), kPacket) == LayerKind::Ip);
  }
  REQUIRE(refuses(peel_gtp, gtp(2, kPacket), 12, 0));  // an extension header without length
}

TEST_CASE("TZSP is peeled with its tags, frames of other media are not read") {
  REQUIRE(peeled(peel_tzsp, tzsp(kFrame), kFrame) == LayerKind::Ethernet);
  Buffer wireless = tzsp(kFrame);
  wireless[3] = 18;
  REQUIRE(peeled(peel_tzsp, wireless, kFrame) == LayerKind::NotIp);
}

TEST_CASE("what does not look like the port's tunnel is refused") {
  REQUIRE(refuses(peel_vxlan, vxlan(kFrame), 0, 0x00));
  REQUIRE(refuses(peel_vxlan, vxlan(kFrame), 0, 0x09));
  REQUIRE(refuses(peel_vxlan, vxlan(kFrame), 0, 'O'));
  REQUIRE(refuses(peel_geneve, geneve(kBridging, 1, kFrame), 0, 0x41));
  REQUIRE(refuses(peel_geneve, geneve(kBridging, 1, kFrame), 1, 0x01));
  REQUIRE(refuses(peel_gtp, gtp(0, kPacket), 0, 0x20));
  REQUIRE(refuses(peel_gtp, gtp(0, kPacket), 0, 0x50));
  REQUIRE(refuses(peel_gtp, gtp(0, kPacket), 1, 1));
  REQUIRE(refuses(peel_gtp, gtp(0, kPacket), 3, 1));
  REQUIRE(refuses(peel_tzsp, tzsp(kFrame), 0, 2));
  REQUIRE(refuses(peel_tzsp, tzsp(kFrame), 1, 4));
}

}  // namespace
}  // namespace tapestry::capture
