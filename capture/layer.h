#pragma once
#include <cstdint>

#include "core/bytes.h"

namespace tapestry::capture {

/// What some bytes of a frame are: up to Ipv6 they are peeled further, then come the ends of a frame.
enum class LayerKind : std::uint8_t {
  Ethernet,
  Vlan,
  Pppoe,
  Ip,
  Ipv4,
  Ipv6,
  Udp,
  Tcp,
  Fragment,
  NotIp,
  UnknownLink,
  OtherProtocol,
  Malformed,
};

/// Bytes of a frame and what they are. A view into the frame, or into a packet put together from fragments.
struct Layer {
  LayerKind kind = LayerKind::Malformed;
  Bytes bytes;
};

}  // namespace tapestry::capture
