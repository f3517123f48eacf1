#include "capture/ip.h"

#include <algorithm>
#include <bit>

#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kFragmentHeader = 8;
constexpr int kMaxExtensions = 16;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kOffsetMask = 0x1fff;

namespace protocol {
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kIpv4 = 4;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIpv6 = 41;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kGre = 47;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestination = 60;
constexpr std::uint8_t kMobility = 135;
constexpr std::uint8_t kMpls = 137;
constexpr std::uint8_t kHostIdentity = 139;
constexpr std::uint8_t kShim6 = 140;
}  // namespace protocol

// Stored as one vector of 16 bytes: whoever copies the address next loads it so, and would have to wait for smaller
// stores, and for all stores before them.
IpAddress ipv4_address(Bytes bytes, std::size_t at) noexcept {
  using Words [[gnu::vector_size(16)]] = std::uint64_t;
  const std::uint64_t low = 0x0000ffff00000000U | big32(bytes, at);
  constexpr bool kBig = std::endian::native == std::endian::big;
  const Words words{0, kBig ? low : std::byteswap(low)};
  return {__builtin_bit_cast(decltype(IpAddress::octets), words)};
}

IpAddress ipv6_address(Bytes bytes, std::size_t at) noexcept {
  IpAddress ip;
  std::ranges::copy(bytes.subspan(at, ip.octets.size()), ip.octets.begin());
  return ip;
}

// Cuts link-layer padding. A length of 0 reaches to the end of the frame.
void set_payload(IpPacket& packet, Bytes rest, std::size_t length, bool whole_frame, std::size_t missing) noexcept {
  packet.payload_length = whole_frame ? rest.size() + missing : length;
  packet.payload = rest.first(std::min(rest.size(), packet.payload_length));
}

void advance(IpPacket& packet, std::uint8_t next, std::size_t count) noexcept {
  packet.protocol = next;
  packet.payload = packet.payload.subspan(count);
  packet.payload_length -= count;
}

bool take_fragment_header(IpPacket& packet) noexcept {
  const Bytes header = packet.payload;
  if (header.size() < kFragmentHeader) return false;
  const std::uint16_t offset = big16(header, 2);
  packet.more_fragments = (offset & 1U) != 0;
  packet.fragment_at = offset & 0xfff8U;
  packet.fragment = packet.more_fragments || packet.fragment_at != 0;
  packet.identification = big32(header, 4);
  advance(packet, header[0], kFragmentHeader);
  return true;
}

// The length of an extension header that only needs skipping; 0 when it is something else.
std::size_t extension_length(const IpPacket& packet) noexcept {
  const std::size_t units = packet.payload.size() < 2 ? 0 : packet.payload[1];
  switch (packet.protocol) {
    case protocol::kHopByHop:
    case protocol::kRouting:
    case protocol::kDestination:
    case protocol::kMobility:
    case protocol::kHostIdentity:
    case protocol::kShim6:
      return (units + 1) * 8;
    case protocol::kAuthentication:
      return (units + 2) * 4;
    default:
      return 0;
  }
}

LayerKind other_layer(std::uint8_t number) noexcept {
  switch (number) {
    case protocol::kIpv4:
      return LayerKind::Ipv4;
    case protocol::kIpv6:
      return LayerKind::Ipv6;
    case protocol::kGre:
      return LayerKind::Gre;
    case protocol::kMpls:
      return LayerKind::Mpls;
    case protocol::kAuthentication:
      return LayerKind::Authentication;
    default:
      return LayerKind::OtherProtocol;
  }
}

}  // namespace

bool parse_ipv4(Bytes bytes, std::size_t missing, IpPacket& packet) noexcept {
  if (bytes.size() < kIpv4Header || bytes[0] >> 4U != 4) return false;
  const std::size_t header = (bytes[0] & 0x0fU) * std::size_t{4};
  const std::size_t total = big16(bytes, 2);
  if (header < kIpv4Header || header > bytes.size() || (total != 0 && total < header)) return false;
  const std::uint16_t fragment = big16(bytes, 6);
  packet.more_fragments = (fragment & kMoreFragments) != 0;
  packet.fragment_at = (fragment & kOffsetMask) * 8U;
  packet.fragment = (fragment & (kMoreFragments | kOffsetMask)) != 0;
  packet.identification = big16(bytes, 4);
  packet.protocol = bytes[9];
  packet.source = ipv4_address(bytes, 12);
  packet.destination = ipv4_address(bytes, 16);
  set_payload(packet, bytes.subspan(header), total - header, total == 0, missing);
  return true;
}

bool parse_ipv6(Bytes bytes, std::size_t missing, IpPacket& packet) noexcept {
  if (bytes.size() < kIpv6Header || bytes[0] >> 4U != 6) return false;
  const std::size_t length = big16(bytes, 4);
  packet.protocol = bytes[6];
  packet.source = ipv6_address(bytes, 8);
  packet.destination = ipv6_address(bytes, 24);
  set_payload(packet, bytes.subspan(kIpv6Header), length, length == 0, missing);
  return skip_extensions(packet);
}

bool skip_extensions(IpPacket& packet) noexcept {
  const bool v4 = packet.source.is_v4();
  packet.fragment = false;
  for (int i = 0; i < kMaxExtensions; ++i) {
    if (v4 && packet.protocol != protocol::kAuthentication) return true;
    if (packet.protocol == protocol::kFragment) {
      if (!take_fragment_header(packet)) return false;
      if (packet.fragment) return true;
      continue;
    }
    const std::size_t length = extension_length(packet);
    if (length == 0) return true;
    if (length > packet.payload.size()) return false;
    advance(packet, packet.payload[0], length);
  }
  return false;
}

LayerKind transport_layer(const IpPacket& packet) noexcept {
  if (packet.fragment) return LayerKind::Fragment;
  if (packet.protocol == protocol::kUdp) return LayerKind::Udp;
  if (packet.protocol == protocol::kTcp) return LayerKind::Tcp;
  return other_layer(packet.protocol);
}

}  // namespace tapestry::capture
