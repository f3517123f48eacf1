#pragma once
#include <cstdint>

#include "core/bytes.h"

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

/// Whether there is more to peel.
constexpr bool is_peeled(LayerKind kind) noexcept { return kind <= LayerKind::Ipv6; }

/// Peels one layer that stands between an Ethernet or IP header and the next; Malformed for every other kind.
[[nodiscard]] LayerKind peel_layer(LayerKind kind, Bytes& bytes) noexcept;

}  // namespace tapestry::capture
