#pragma once
#include <cstdint>

namespace tapestry::capture {

/// What some bytes of a frame are: up to Ipv6 they are peeled further, then come the ends of a frame
/// (HandedOn: a receiver or a table has it).
enum class LayerKind : std::uint8_t {
  Ethernet,
  Vlan,
  Pppoe,
  Ppp,
  Mpls,
  Gre,
  Erspan,
  Vxlan,
  Geneve,
  Gtp,
  Tzsp,
  Authentication,
  Ip,
  Ipv4,
  Ipv6,
  Udp,
  Tcp,
  Fragment,
  HandedOn,
  NotIp,
  UnknownLink,
  OtherProtocol,
  Malformed,
};

/// Whether the bytes are peeled further without what an IP packet's header said.
constexpr bool is_peeled(LayerKind kind) noexcept { return kind <= LayerKind::Ipv6; }

}  // namespace tapestry::capture
