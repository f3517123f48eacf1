#include "capture/layer.h"

#include <catch2/catch.hpp>

#include "tests/support/tunnel_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

TEST_CASE("every kind above IP that is not Ethernet or a tag is peeled by its name") {
  const Buffer frame = ethernet(kIpv4EtherType, Buffer(40, 0x45));
  const auto peeled = [](LayerKind kind, const Buffer& whole) {
    Bytes bytes(whole);
    return peel_layer(kind, bytes);
  };
  REQUIRE(peeled(LayerKind::Mpls, mpls(2, frame)) == LayerKind::Ethernet);
  REQUIRE(peeled(LayerKind::Gre, gre(kBridging, {}, frame)) == LayerKind::Ethernet);
  REQUIRE(peeled(LayerKind::Vxlan, vxlan(frame)) == LayerKind::Ethernet);
  REQUIRE(peeled(LayerKind::Geneve, geneve(kBridging, 1, frame)) == LayerKind::Ethernet);
  REQUIRE(peeled(LayerKind::Gtp, gtp(1, frame)) == LayerKind::Ip);
  REQUIRE(peeled(LayerKind::Tzsp, tzsp(frame)) == LayerKind::Ethernet);
  REQUIRE(peeled(LayerKind::Pppoe, Buffer(8, 0)) == LayerKind::Ppp);
  REQUIRE(peeled(LayerKind::Ppp, {0x00, 0x21}) == LayerKind::Ipv4);
}

TEST_CASE("ends are not peeled") {
  for (const LayerKind end :
       {LayerKind::Udp, LayerKind::Tcp, LayerKind::Fragment, LayerKind::HandedOn, LayerKind::NotIp,
        LayerKind::UnknownLink, LayerKind::OtherProtocol, LayerKind::Malformed}) {
    Bytes none;
    REQUIRE_FALSE(is_peeled(end));
    REQUIRE(peel_layer(end, none) == LayerKind::Malformed);
  }
}

}  // namespace
}  // namespace tapestry::capture
