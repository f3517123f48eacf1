#include "capture/link_layer.h"

#include "capture/link_type.h"
#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kVlanTag = 4;
constexpr std::size_t kPppoeHeader = 6;
constexpr std::size_t kCooked1Header = 16;
constexpr std::size_t kCooked2Header = 20;
constexpr std::size_t kNullHeader = 4;
constexpr std::size_t kErfHeader = 16;
constexpr std::size_t kErfExtension = 8;
constexpr std::uint8_t kErfMore = 0x80;

LayerKind ether_layer(std::uint16_t type) noexcept {
  if (type == 0x0800) return LayerKind::Ipv4;
  switch (type) {
    case 0x86dd:
      return LayerKind::Ipv6;
    case 0x8100:
    case 0x88a8:
    case 0x9100:
      return LayerKind::Vlan;
    case 0x8847:
    case 0x8848:
      return LayerKind::Mpls;
    case 0x8864:
      return LayerKind::Pppoe;
    default:
      return LayerKind::NotIp;
  }
}

LayerKind with_type(Bytes& bytes, std::size_t type_at, std::size_t header) noexcept {
  if (bytes.size() < header) return LayerKind::Malformed;
  const std::uint16_t type = big16(bytes, type_at);
  bytes = bytes.subspan(header);
  return ether_layer(type);
}

// The address family of whoever captured: 2 everywhere, IPv6 differs between systems; BSD's null uses host order.
LayerKind peel_null(Bytes& bytes) noexcept {
  if (bytes.size() < kNullHeader) return LayerKind::Malformed;
  const std::uint32_t big = big32(bytes, 0);
  const std::uint32_t family = big > 0xffffU ? little32(bytes, 0) : big;
  bytes = bytes.subspan(kNullHeader);
  switch (family) {
    case 2:
      return LayerKind::Ipv4;
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return LayerKind::Ipv6;
    default:
      return LayerKind::NotIp;
  }
}

bool erf_ethernet(unsigned type) noexcept { return type == 2 || type == 11 || type == 16 || type == 20; }

// Endace's extensible record format: record header, extension headers while a top bit is set, two bytes of padding.
LayerKind peel_erf(Bytes& bytes) noexcept {
  if (bytes.size() < kErfHeader) return LayerKind::Malformed;
  std::uint8_t type = bytes[8];
  if (!erf_ethernet(type & 0x7fU)) return LayerKind::UnknownLink;
  bytes = bytes.subspan(kErfHeader);
  while ((type & kErfMore) != 0) {
    if (bytes.size() < kErfExtension) return LayerKind::Malformed;
    type = bytes[0];
    bytes = bytes.subspan(kErfExtension);
  }
  if (bytes.size() < 2) return LayerKind::Malformed;
  bytes = bytes.subspan(2);
  return LayerKind::Ethernet;
}

}  // namespace

LayerKind outer_layer(std::uint32_t link_type, Bytes& bytes) noexcept {
  switch (link_type) {
    case link::kEthernet:
      return LayerKind::Ethernet;
    case link::kCooked1:
      return with_type(bytes, 14, kCooked1Header);
    case link::kCooked2:
      return with_type(bytes, 0, kCooked2Header);
    case link::kRaw:
    case link::kRawBsd:
    case link::kRawOpenBsd:
      return LayerKind::Ip;
    case link::kIpv4:
      return LayerKind::Ipv4;
    case link::kIpv6:
      return LayerKind::Ipv6;
    case link::kNull:
    case link::kLoop:
      return peel_null(bytes);
    case link::kErf:
      return peel_erf(bytes);
    default:
      return LayerKind::UnknownLink;
  }
}

LayerKind by_ether_type(std::uint16_t type) noexcept { return ether_layer(type); }

LayerKind peel_ethernet(Bytes& bytes) noexcept { return with_type(bytes, 12, kEthernetHeader); }

LayerKind peel_vlan(Bytes& bytes) noexcept { return with_type(bytes, 2, kVlanTag); }

LayerKind peel_pppoe(Bytes& bytes) noexcept {
  if (bytes.size() < kPppoeHeader) return LayerKind::Malformed;
  bytes = bytes.subspan(kPppoeHeader);
  return LayerKind::Ppp;
}

}  // namespace tapestry::capture
