#include "capture/tunnel.h"

#include "capture/link_layer.h"

namespace tapestry::capture {
namespace {

constexpr std::uint32_t kBottomOfStack = 0x100;
constexpr std::size_t kControlWord = 4;
constexpr std::size_t kEtherTypeAt = 12;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

namespace gre {
constexpr std::uint16_t kChecksum = 0x8000;
constexpr std::uint16_t kRouting = 0x4000;
constexpr std::uint16_t kKey = 0x2000;
constexpr std::uint16_t kSequence = 0x1000;
constexpr std::uint16_t kAcknowledgement = 0x0080;
constexpr std::uint16_t kVersion = 0x0007;
constexpr std::uint16_t kBridging = 0x6558;
constexpr std::uint16_t kErspan = 0x88be;
constexpr std::uint16_t kErspan3 = 0x22eb;
constexpr std::uint16_t kPpp = 0x880b;
}  // namespace gre

bool is_ethernet_at(Bytes bytes, std::size_t at) noexcept {
  Cursor cursor(bytes);
  cursor.skip(at + kEtherTypeAt);
  const std::uint16_t type = cursor.u16();
  return cursor.ok() && by_ether_type(type) != LayerKind::NotIp;
}

bool has_ipv4_checksum(Bytes bytes) noexcept {
  if (bytes.empty()) return false;
  const std::size_t header = (bytes[0] & 0x0fU) * std::size_t{4};
  if (header < kIpv4Header || header > bytes.size()) return false;
  Cursor cursor(bytes.first(header));
  std::uint32_t sum = 0;
  while (cursor.left() >= 2) sum += cursor.u16();
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return sum == 0xffffU;
}

bool holds_ipv6(Bytes bytes) noexcept {
  Cursor cursor(bytes);
  cursor.skip(4);
  return kIpv6Header + cursor.u16() <= bytes.size();
}

/// Whether an Ethernet frame begins here beyond doubt: its EtherType names the IP packet that follows.
bool is_ethernet_with_ip(Bytes bytes) noexcept {
  Cursor cursor(bytes);
  cursor.skip(kEtherTypeAt);
  std::uint16_t type = cursor.u16();
  for (int tags = 0; tags < 2 && by_ether_type(type) == LayerKind::Vlan; ++tags) {
    cursor.skip(2);
    type = cursor.u16();
  }
  const Bytes below = cursor.rest();
  if (!cursor.ok() || below.empty()) return false;
  switch (by_ether_type(type)) {
    case LayerKind::Ipv4:
      return below[0] >> 4U == 4 && has_ipv4_checksum(below);
    case LayerKind::Ipv6:
      return below[0] >> 4U == 6;
    default:
      return false;
  }
}

// An address may begin like IP and a control word like an address; whatever is told twice is taken.
LayerKind below_labels(Bytes& bytes) noexcept {
  if (is_ethernet_with_ip(bytes)) return LayerKind::Ethernet;
  const unsigned version = bytes[0] >> 4U;
  if (version == 0 && is_ethernet_at(bytes, kControlWord)) {
    bytes = bytes.subspan(kControlWord);
    return LayerKind::Ethernet;
  }
  const bool ethernet = is_ethernet_at(bytes, 0);
  if (version == 4 && (!ethernet || has_ipv4_checksum(bytes))) return LayerKind::Ipv4;
  if (version == 6 && (!ethernet || holds_ipv6(bytes))) return LayerKind::Ipv6;
  return ethernet ? LayerKind::Ethernet : LayerKind::NotIp;
}

LayerKind by_gre_type(std::uint16_t type, bool sequence) noexcept {
  switch (type) {
    case gre::kBridging:
      return LayerKind::Ethernet;
    case gre::kErspan:
      return sequence ? LayerKind::Erspan : LayerKind::Ethernet;  // type I has neither number nor header
    case gre::kErspan3:
      return LayerKind::Erspan;
    case gre::kPpp:
      return LayerKind::Ppp;
    default:
      return by_ether_type(type);
  }
}

// Its last 16 bits: P, frame type (5), hardware id (6), direction, granularity (2), O: a subheader follows.
LayerKind peel_erspan3(Cursor cursor, Bytes& bytes) noexcept {
  cursor.skip(9);
  const std::uint16_t last = cursor.u16();
  if ((last & 1U) != 0) cursor.skip(8);
  if (!cursor.ok()) return LayerKind::Malformed;
  bytes = cursor.rest();
  switch (last >> 10U & 0x1fU) {
    case 0:
      return LayerKind::Ethernet;
    case 2:
      return LayerKind::Ip;
    default:
      return LayerKind::NotIp;
  }
}

}  // namespace

LayerKind peel_mpls(Bytes& bytes) noexcept {
  Cursor cursor(bytes);
  std::uint32_t entry = 0;
  while (cursor.ok() && (entry & kBottomOfStack) == 0) entry = cursor.u32();
  if (!cursor.ok() || cursor.left() == 0) return LayerKind::Malformed;
  bytes = cursor.rest();
  return below_labels(bytes);
}

LayerKind peel_gre(Bytes& bytes) noexcept {
  Cursor cursor(bytes);
  const std::uint16_t flags = cursor.u16();
  const std::uint16_t type = cursor.u16();
  if (!cursor.ok()) return LayerKind::Malformed;
  const unsigned version = flags & gre::kVersion;
  if (version > 1 || (flags & gre::kRouting) != 0) return LayerKind::OtherProtocol;
  const bool sequence = (flags & gre::kSequence) != 0;
  if ((flags & gre::kChecksum) != 0) cursor.skip(4);
  if ((flags & gre::kKey) != 0) cursor.skip(4);
  if (sequence) cursor.skip(4);
  if (version == 1 && (flags & gre::kAcknowledgement) != 0) cursor.skip(4);
  if (!cursor.ok()) return LayerKind::Malformed;
  bytes = cursor.rest();
  return by_gre_type(type, sequence);
}

LayerKind peel_erspan(Bytes& bytes) noexcept {
  Cursor cursor(bytes);
  const unsigned version = cursor.u8() >> 4U;
  if (version == 2) return peel_erspan3(cursor, bytes);
  cursor.skip(7);
  if (!cursor.ok() || version != 1) return LayerKind::Malformed;
  bytes = cursor.rest();
  return LayerKind::Ethernet;
}

LayerKind peel_ppp(Bytes& bytes) noexcept {
  Cursor cursor(bytes);
  std::uint16_t protocol = cursor.u8();
  if (protocol == 0xff && cursor.left() > 0 && cursor.rest()[0] == 0x03) {
    cursor.skip(1);
    protocol = cursor.u8();
  }
  if ((protocol & 1U) == 0) protocol = static_cast<std::uint16_t>(protocol << 8U | cursor.u8());
  if (!cursor.ok()) return LayerKind::Malformed;
  bytes = cursor.rest();
  switch (protocol) {
    case 0x0021:
      return LayerKind::Ipv4;
    case 0x0057:
      return LayerKind::Ipv6;
    case 0x0281:
    case 0x0283:
      return LayerKind::Mpls;
    default:
      return LayerKind::NotIp;
  }
}

}  // namespace tapestry::capture
