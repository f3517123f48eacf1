#include "capture/udp_tunnel.h"

#include "capture/link_layer.h"

namespace tapestry::capture {
namespace {

constexpr std::uint16_t kBridging = 0x6558;

LayerKind by_next_protocol(std::uint8_t next) noexcept {
  switch (next) {
    case 1:
      return LayerKind::Ipv4;
    case 2:
      return LayerKind::Ipv6;
    case 3:
      return LayerKind::Ethernet;
    case 5:
      return LayerKind::Mpls;
    default:
      return LayerKind::NotIp;
  }
}

// Each extension header begins with its length in words of four octets and ends with the next one's type.
bool skip_gtp_extensions(Cursor& cursor, std::uint8_t next) noexcept {
  while (next != 0) {
    const std::size_t length = cursor.u8() * std::size_t{4};
    if (length == 0) return false;
    cursor.skip(length - 2);
    next = cursor.u8();
    if (!cursor.ok()) return false;
  }
  return true;
}

// Padding (0) and end (1) stand alone, every other tag has a length.
bool skip_tzsp_tags(Cursor& cursor) noexcept {
  while (cursor.ok()) {
    const std::uint8_t tag = cursor.u8();
    if (tag == 1) return cursor.ok();
    if (tag != 0) cursor.skip(cursor.u8());
  }
  return false;
}

}  // namespace

LayerKind udp_tunnel(std::uint16_t port) noexcept {
  switch (port) {
    case 2152:
      return LayerKind::Gtp;
    case 4789:
    case 4790:  // VXLAN-GPE
    case 8472:  // VXLAN before it had a number
      return LayerKind::Vxlan;
    case 6081:
      return LayerKind::Geneve;
    case 37008:
      return LayerKind::Tzsp;
    default:
      return LayerKind::Udp;
  }
}

LayerKind peel_vxlan(Bytes& bytes) noexcept {
  constexpr unsigned kNetwork = 0x08;
  constexpr unsigned kNextProtocol = 0x04;
  constexpr unsigned kGroupPolicy = 0x80;
  Cursor cursor(bytes);
  const unsigned flags = cursor.u8();
  cursor.skip(2);
  const std::uint8_t next = cursor.u8();
  cursor.skip(4);
  const bool plausible = (flags & kNetwork) != 0 && (flags & ~(kNetwork | kNextProtocol | kGroupPolicy)) == 0;
  if (!cursor.ok() || !plausible) return LayerKind::Malformed;
  bytes = cursor.rest();
  return (flags & kNextProtocol) != 0 ? by_next_protocol(next) : LayerKind::Ethernet;
}

LayerKind peel_geneve(Bytes& bytes) noexcept {
  Cursor cursor(bytes);
  const unsigned first = cursor.u8();  // version (2), words of options (6)
  const unsigned flags = cursor.u8();
  const std::uint16_t type = cursor.u16();
  cursor.skip(4 + (first & 0x3fU) * std::size_t{4});
  if (!cursor.ok() || first >> 6U != 0 || (flags & 0x3fU) != 0) return LayerKind::Malformed;
  bytes = cursor.rest();
  return type == kBridging ? LayerKind::Ethernet : by_ether_type(type);
}

LayerKind peel_gtp(Bytes& bytes) noexcept {
  constexpr unsigned kOptional = 0x07;  // any of extension, sequence number, N-PDU number: all three fields are there
  constexpr unsigned kExtension = 0x04;
  constexpr std::uint8_t kTpdu = 255;
  Cursor cursor(bytes);
  const unsigned flags = cursor.u8();
  const bool tpdu = cursor.u8() == kTpdu;
  const std::size_t length = cursor.u16();
  cursor.skip(4);
  // Version 1, GTP and not GTP'; not shorter than what is there: a capture may have cut it.
  if (!cursor.ok() || flags >> 4U != 3 || !tpdu || length < cursor.left()) return LayerKind::Malformed;
  std::uint8_t next = 0;
  if ((flags & kOptional) != 0) {
    cursor.skip(3);
    next = cursor.u8();
  }
  if ((flags & kExtension) == 0) next = 0;
  if (!cursor.ok() || !skip_gtp_extensions(cursor, next)) return LayerKind::Malformed;
  bytes = cursor.rest();
  return LayerKind::Ip;
}

LayerKind peel_tzsp(Bytes& bytes) noexcept {
  Cursor cursor(bytes);
  const bool version1 = cursor.u8() == 1;
  const bool packet = cursor.u8() <= 1;  // received, or to be sent
  const std::uint16_t protocol = cursor.u16();
  if (!cursor.ok() || !version1 || !packet || !skip_tzsp_tags(cursor)) return LayerKind::Malformed;
  bytes = cursor.rest();
  return protocol == 1 ? LayerKind::Ethernet : LayerKind::NotIp;
}

}  // namespace tapestry::capture
