#pragma once
#include <cstdint>

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

}  // namespace tapestry::capture
