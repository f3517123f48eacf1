#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/bytes.h"

/// Builders of packets for tests and load generators: well-formed by default, checksums included.
/// Lies (wrong lengths, odd flags) are made by changing the bytes that come out.
namespace tapestry::testing {

using Buffer = std::vector<std::uint8_t>;

/// LINKTYPE_ numbers that `link_frame` can build.
inline constexpr std::uint32_t kNullLink = 0;
inline constexpr std::uint32_t kEthernet = 1;
inline constexpr std::uint32_t kRawIp = 101;
inline constexpr std::uint32_t kLoopLink = 108;
inline constexpr std::uint32_t kCooked1 = 113;
inline constexpr std::uint32_t kErf = 197;
inline constexpr std::uint32_t kIpv4Link = 228;
inline constexpr std::uint32_t kIpv6Link = 229;
inline constexpr std::uint32_t kCooked2 = 276;

inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kTcp = 6;

inline constexpr std::uint8_t kFin = 0x01;
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kRst = 0x04;
inline constexpr std::uint8_t kPush = 0x08;
inline constexpr std::uint8_t kAck = 0x10;

/// `192.0.2.1:5060`, `[2001:db8::1]:5060`; asserts on anything else.
Endpoint endpoint(std::string_view text);
/// Big-endian integer of `octets` bytes at the end of `out`.
void append_big(Buffer& out, std::uint64_t value, unsigned octets);
void append(Buffer& out, Bytes bytes);
/// The text's characters.
Buffer buffer(std::string_view text);

/// UDP header and payload (RFC 768).
Buffer udp_segment(const Endpoint& source, const Endpoint& destination, Bytes payload);

/// What a TCP header says besides its ports.
struct TcpFields {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = kAck;
};
/// TCP header without options, and payload (RFC 9293).
Buffer tcp_segment(const Endpoint& source, const Endpoint& destination, const TcpFields& fields, Bytes payload);

/// IPv4 or IPv6 packet by the kind of `source`; `id` is IPv4's identification, and IPv6's once fragmented.
Buffer ip_packet(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol, Bytes payload,
                 std::uint16_t id = 0);

/// The packet in fragments of at most `mtu` bytes each, in order; IPv6 gets fragment headers with `id`.
/// IPv6 packets must have no extension headers.
std::vector<Buffer> fragments(Bytes packet, std::size_t mtu, std::uint32_t id = 0);

/// A frame of the link type around an IP packet; `vlans` (outermost first, 802.1Q, the outer of several 802.1ad) only
/// with Ethernet and cooked links.
Buffer link_frame(std::uint32_t link_type, Bytes packet, const std::vector<std::uint16_t>& vlans = {});

/// Ethernet, IP, UDP. `id` is the IPv4 identification.
Buffer udp_frame(const Endpoint& source, const Endpoint& destination, Bytes payload, std::uint16_t id = 0);
/// Ethernet, IP, TCP.
Buffer tcp_frame(const Endpoint& source, const Endpoint& destination, const TcpFields& fields, Bytes payload);

/// A copy of an untagged Ethernet frame with IPv4 as another mirror port would yield it: in a VLAN (0: none), with a
/// TTL one less when it was `routed` in between.
Buffer mirrored(const Buffer& frame, std::uint16_t vlan, bool routed);

/// RTP packet without CSRCs and extension (RFC 3550 §5.1).
Buffer rtp_packet(std::uint8_t payload_type, std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t ssrc,
                  bool marker, Bytes payload);

}  // namespace tapestry::testing
