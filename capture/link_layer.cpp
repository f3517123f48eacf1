#include "capture/link_layer.h"

#include "capture/link_type.h"
#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kVlanTag = 4;
constexpr std::size_t kPppoeHeader = 8;
constexpr std::size_t kCooked1Header = 16;
constexpr std::size_t kCooked2Header = 20;
constexpr std::size_t kNullHeader = 4;
constexpr std::size_t kErfHeader = 16;
constexpr std::size_t kErfExtension = 8;
constexpr std::uint8_t kErfMore = 0x80;

Layer by_ether_type(std::uint16_t type, Bytes bytes) noexcept {
  switch (type) {
    case 0x0800:
      return {LayerKind::Ipv4, bytes};
    case 0x86dd:
      return {LayerKind::Ipv6, bytes};
    case 0x8100:
    case 0x88a8:
    case 0x9100:
      return {LayerKind::Vlan, bytes};
    case 0x8864:
      return {LayerKind::Pppoe, bytes};
    default:
      return {LayerKind::NotIp, bytes};
  }
}

Layer with_type(Bytes bytes, std::size_t type_at, std::size_t header) noexcept {
  if (bytes.size() < header) return {};
  return by_ether_type(big16(bytes, type_at), bytes.subspan(header));
}

// The address family of whoever captured: 2 everywhere, IPv6 differs between systems; BSD's null uses host order.
Layer peel_null(Bytes bytes) noexcept {
  if (bytes.size() < kNullHeader) return {};
  const std::uint32_t big = big32(bytes, 0);
  const std::uint32_t family = big > 0xffffU ? little32(bytes, 0) : big;
  const Bytes rest = bytes.subspan(kNullHeader);
  switch (family) {
    case 2:
      return {LayerKind::Ipv4, rest};
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return {LayerKind::Ipv6, rest};
    default:
      return {LayerKind::NotIp, rest};
  }
}

bool erf_ethernet(unsigned type) noexcept { return type == 2 || type == 11 || type == 16 || type == 20; }

// Endace's extensible record format: record header, extension headers while a top bit is set, two bytes of padding.
Layer peel_erf(Bytes bytes) noexcept {
  if (bytes.size() < kErfHeader) return {};
  std::uint8_t type = bytes[8];
  if (!erf_ethernet(type & 0x7fU)) return {LayerKind::UnknownLink, bytes};
  bytes = bytes.subspan(kErfHeader);
  while ((type & kErfMore) != 0) {
    if (bytes.size() < kErfExtension) return {};
    type = bytes[0];
    bytes = bytes.subspan(kErfExtension);
  }
  if (bytes.size() < 2) return {};
  return {LayerKind::Ethernet, bytes.subspan(2)};
}

}  // namespace

Layer outer_layer(std::uint32_t link_type, Bytes frame) noexcept {
  switch (link_type) {
    case link::kEthernet:
      return {LayerKind::Ethernet, frame};
    case link::kCooked1:
      return with_type(frame, 14, kCooked1Header);
    case link::kCooked2:
      return with_type(frame, 0, kCooked2Header);
    case link::kRaw:
    case link::kRawBsd:
    case link::kRawOpenBsd:
      return {LayerKind::Ip, frame};
    case link::kIpv4:
      return {LayerKind::Ipv4, frame};
    case link::kIpv6:
      return {LayerKind::Ipv6, frame};
    case link::kNull:
    case link::kLoop:
      return peel_null(frame);
    case link::kErf:
      return peel_erf(frame);
    default:
      return {LayerKind::UnknownLink, frame};
  }
}

Layer peel_ethernet(Bytes frame) noexcept { return with_type(frame, 12, kEthernetHeader); }

Layer peel_vlan(Bytes tag) noexcept { return with_type(tag, 2, kVlanTag); }

Layer peel_pppoe(Bytes session) noexcept {
  if (session.size() < kPppoeHeader) return {};
  const Bytes rest = session.subspan(kPppoeHeader);
  switch (big16(session, 6)) {
    case 0x0021:
      return {LayerKind::Ipv4, rest};
    case 0x0057:
      return {LayerKind::Ipv6, rest};
    default:
      return {LayerKind::NotIp, rest};
  }
}

}  // namespace tapestry::capture
