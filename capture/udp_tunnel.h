#pragma once
#include <cstdint>

#include "capture/layer.h"
#include "core/bytes.h"

namespace tapestry::capture {

/// What the payload of a UDP datagram to this port may be; Udp when the port is no tunnel's. A guess: whether it is
/// right is told by the header, and by what is found below.
[[nodiscard]] LayerKind udp_tunnel(std::uint16_t port) noexcept;

// As in link_layer.h: the result tells what is left in `bytes`; nothing is taken off what is Malformed, which is also
// what does not look like that header.

/// VXLAN (RFC 7348), its group policy extension, and VXLAN-GPE with IP, Ethernet or MPLS below.
[[nodiscard]] LayerKind peel_vxlan(Bytes& bytes) noexcept;
/// GENEVE with options (RFC 8926).
[[nodiscard]] LayerKind peel_geneve(Bytes& bytes) noexcept;
/// A T-PDU of GTP-U with optional fields and extension headers (3GPP TS 29.281 §5): IP below.
[[nodiscard]] LayerKind peel_gtp(Bytes& bytes) noexcept;
/// TaZmen Sniffer Protocol with tagged fields: Ethernet below.
[[nodiscard]] LayerKind peel_tzsp(Bytes& bytes) noexcept;

}  // namespace tapestry::capture
