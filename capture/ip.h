#pragma once
#include <cstdint>

#include "capture/layer.h"
#include "core/address.h"

namespace tapestry::capture {

/// An IP packet, its headers read. `payload` is a view.
struct IpPacket {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;       ///< of `payload`
  Bytes payload;                   ///< what was captured of it
  std::size_t payload_length = 0;  ///< what the header says: more than payload.size() when the capture cut it
  bool fragment = false;
  bool more_fragments = false;
  std::uint32_t fragment_at = 0;  ///< bytes
  std::uint32_t identification = 0;
  std::uint64_t frames = 1;  ///< that it came in; reading its headers leaves it as it is
};

/// Reads an IPv4 header (RFC 791) with options. `missing` is how many
/// bytes the capture cut off the frame: it matters for packets without a length (0, from segmentation offload), which
/// reach to the frame's end. False when it is malformed.
bool parse_ipv4(Bytes bytes, std::size_t missing, IpPacket& packet) noexcept;

/// Reads an IPv6 header (RFC 8200) and its extension headers up to the fragment header or the transport.
bool parse_ipv6(Bytes bytes, std::size_t missing, IpPacket& packet) noexcept;

/// Skips the extension headers (in IPv4 only an authentication header) that `packet.payload` begins with. For a payload
/// put together from fragments.
bool skip_extensions(IpPacket& packet) noexcept;

/// What the packet's payload is: a fragment, UDP, TCP, something to be peeled further (IP in IP, GRE, MPLS in IP, by
/// RFC 2003, 2473, 4213, 2784, 4023), IPv4's authentication header (RFC 4302), or another
/// protocol. An authentication header (RFC 4302) is skipped.
[[nodiscard]] LayerKind transport_layer(const IpPacket& packet) noexcept;

}  // namespace tapestry::capture
