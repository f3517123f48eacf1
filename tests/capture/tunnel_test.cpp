#include "capture/tunnel.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/support/tunnel_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

const Endpoint kA = endpoint("10.0.0.1:5060");
const Endpoint kB = endpoint("10.0.0.2:5060");
const Buffer kPacket4 = ip_packet(kA.ip, kB.ip, kUdp, udp_segment(kA, kB, as_bytes("four")));
const Buffer kPacket6 = ip_packet(endpoint("[2001:db8::1]:1").ip, endpoint("[2001:db8::2]:1").ip, kUdp, Buffer(20, 1));
const Buffer kFrame = ethernet(kIpv4EtherType, kPacket4);

/// Peels once; `below` is what must be left.
template <class Peel>
LayerKind peeled(Peel peel, const Buffer& whole, const Buffer& below) {
  Bytes bytes(whole);
  const LayerKind kind = peel(bytes);
  REQUIRE(std::ranges::equal(bytes, below));
  return kind;
}

/// Every shorter beginning is peeled without a read beyond its end, and what is Malformed is left whole.
template <class Peel>
void require_cut_safe(Peel peel, const Buffer& whole) {
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    Bytes bytes(cut);
    if (peel(bytes) == LayerKind::Malformed) REQUIRE(bytes.size() == size);
  }
}

TEST_CASE("an MPLS stack of any depth is peeled, and what is below is told by its first bits") {
  for (const unsigned labels : {1U, 2U, 7U, 60U}) {
    REQUIRE(peeled(peel_mpls, mpls(labels, kPacket4), kPacket4) == LayerKind::Ipv4);
    REQUIRE(peeled(peel_mpls, mpls(labels, kPacket6), kPacket6) == LayerKind::Ipv6);
    REQUIRE(peeled(peel_mpls, mpls(labels, kFrame), kFrame) == LayerKind::Ethernet);
    REQUIRE(peeled(peel_mpls, mpls(labels, control_word(kFrame)), kFrame) == LayerKind::Ethernet);
  }
  require_cut_safe(peel_mpls, mpls(3, control_word(kFrame)));
}

TEST_CASE("a pseudowire's Ethernet address that begins like IP is no IP") {
  for (const std::uint8_t first : {std::uint8_t{0x45}, std::uint8_t{0x60}}) {
    Buffer frame = kFrame;
    frame[0] = first;
    REQUIRE(peeled(peel_mpls, mpls(1, frame), frame) == LayerKind::Ethernet);
  }
}

TEST_CASE("a pseudowire's frame is known by the IP packet in it, whatever its addresses look like") {
  const Buffer& packet = kFrame;
  // 6c:00:00:00:00:40 reads as IPv6 with a length that fits, 0x in front as a control word.
  for (const std::uint8_t first : {std::uint8_t{0x6c}, std::uint8_t{0x46}, std::uint8_t{0x02}, std::uint8_t{0x00}}) {
    Buffer frame = packet;
    frame[0] = first;
    frame[4] = 0;
    frame[5] = 0x40;
    REQUIRE(peeled(peel_mpls, mpls(1, frame), frame) == LayerKind::Ethernet);
    REQUIRE(peeled(peel_mpls, mpls(1, control_word(frame)), frame) == LayerKind::Ethernet);
  }
}

TEST_CASE("an MPLS stack without bottom is malformed, one above something unknown holds no IP") {
  Buffer endless = mpls(4, {});
  endless[14] = 0;
  Bytes bytes(endless);
  REQUIRE(peel_mpls(bytes) == LayerKind::Malformed);
  REQUIRE(peeled(peel_mpls, mpls(1, Buffer(30, 0x10)), Buffer(30, 0x10)) == LayerKind::NotIp);
}

TEST_CASE("GRE is peeled with every optional field") {
  for (const bool checksum : {false, true}) {
    for (const bool key : {false, true}) {
      for (const bool sequence : {false, true}) {
        GreFields fields;
        fields.checksum = checksum;
        if (key) fields.key = 7;
        if (sequence) fields.sequence = 8;
        REQUIRE(peeled(peel_gre, gre(kIpv4EtherType, fields, kPacket4), kPacket4) == LayerKind::Ipv4);
        REQUIRE(peeled(peel_gre, gre(kBridging, fields, kFrame), kFrame) == LayerKind::Ethernet);
        require_cut_safe(peel_gre, gre(kBridging, fields, kFrame));
      }
    }
  }
  REQUIRE(peeled(peel_gre, gre(kIpv6EtherType, {}, kPacket6), kPacket6) == LayerKind::Ipv6);
  REQUIRE(peeled(peel_gre, gre(kMplsEtherType, {}, kPacket4), kPacket4) == LayerKind::Mpls);
  REQUIRE(peeled(peel_gre, gre(0x1234, {}, kPacket4), kPacket4) == LayerKind::NotIp);
}

TEST_CASE("PPTP's GRE holds PPP") {
  const GreFields fields{.key = 1, .sequence = 2, .acknowledgement = 3};
  REQUIRE(peeled(peel_gre, gre(kPppType, fields, kPacket4), kPacket4) == LayerKind::Ppp);
  require_cut_safe(peel_gre, gre(kPppType, fields, kPacket4));
}

TEST_CASE("GRE with source routes or of a later version is another protocol") {
  for (const std::uint8_t octet : {std::uint8_t{0x40}, std::uint8_t{0}}) {
    Buffer packet = gre(kIpv4EtherType, {}, kPacket4);
    packet[0] = octet;
    packet[1] = octet == 0 ? 2 : 0;
    REQUIRE(peeled(peel_gre, packet, packet) == LayerKind::OtherProtocol);
  }
}

TEST_CASE("ERSPAN of all three types gives the mirrored frame") {
  const auto through = [](const Buffer& packet) {
    Bytes bytes(packet);
    LayerKind kind = peel_gre(bytes);
    if (kind == LayerKind::Erspan) kind = peel_erspan(bytes);
    REQUIRE(std::ranges::equal(bytes.last(kPacket4.size()), kPacket4));
    return std::pair(kind, bytes.size());
  };
  REQUIRE(through(gre(kErspanType, {}, kFrame)) == std::pair(LayerKind::Ethernet, kFrame.size()));
  REQUIRE(through(erspan2(1, kFrame)) == std::pair(LayerKind::Ethernet, kFrame.size()));
  REQUIRE(through(erspan3(false, 0, kFrame)) == std::pair(LayerKind::Ethernet, kFrame.size()));
  REQUIRE(through(erspan3(true, 0, kFrame)) == std::pair(LayerKind::Ethernet, kFrame.size()));
  REQUIRE(through(erspan3(true, 2, kPacket4)) == std::pair(LayerKind::Ip, kPacket4.size()));
  REQUIRE(through(erspan3(false, 3, kPacket4)).first == LayerKind::NotIp);
  for (const Buffer& packet : {erspan2(1, kFrame), erspan3(true, 0, kFrame)}) {
    require_cut_safe(peel_erspan, {packet.begin() + 8, packet.end()});
  }
  Buffer version3 = erspan2(1, kFrame);
  version3[8] = 0x30;
  Bytes bytes = Bytes(version3).subspan(8);
  REQUIRE(peel_erspan(bytes) == LayerKind::Malformed);
}

TEST_CASE("PPP is peeled in its long and its compressed form") {
  const auto ppp = [](std::initializer_list<std::uint8_t> header, const Buffer& below) {
    Buffer out(header);
    append(out, below);
    return out;
  };
  REQUIRE(peeled(peel_ppp, ppp({0xff, 0x03, 0x00, 0x21}, kPacket4), kPacket4) == LayerKind::Ipv4);
  REQUIRE(peeled(peel_ppp, ppp({0xff, 0x03, 0x57}, kPacket6), kPacket6) == LayerKind::Ipv6);
  REQUIRE(peeled(peel_ppp, ppp({0x00, 0x21}, kPacket4), kPacket4) == LayerKind::Ipv4);
  REQUIRE(peeled(peel_ppp, ppp({0x21}, kPacket4), kPacket4) == LayerKind::Ipv4);
  REQUIRE(peeled(peel_ppp, ppp({0x02, 0x81}, kPacket4), kPacket4) == LayerKind::Mpls);
  REQUIRE(peeled(peel_ppp, ppp({0xc0, 0x21}, kPacket4), kPacket4) == LayerKind::NotIp);
  require_cut_safe(peel_ppp, ppp({0xff, 0x03, 0x00, 0x21}, kPacket4));
}

}  // namespace
}  // namespace tapestry::capture
