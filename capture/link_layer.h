#pragma once
#include <cstdint>

#include "capture/layer.h"
#include "core/bytes.h"

namespace tapestry::capture {

/// What `bytes`, a frame of this link type, are, the link header taken off where that is not Ethernet.
/// Here and below: the result tells what is left in `bytes`; nothing is taken off what is Malformed.
[[nodiscard]] LayerKind outer_layer(std::uint32_t link_type, Bytes& bytes) noexcept;

/// What an EtherType says; NotIp for those that lead to no IP packet.
[[nodiscard]] LayerKind by_ether_type(std::uint16_t type) noexcept;

/// IEEE 802.3 with an EtherType; frames with a length instead (LLC) carry no IP.
[[nodiscard]] LayerKind peel_ethernet(Bytes& bytes) noexcept;
/// One 802.1Q or 802.1ad tag: the bytes behind its EtherType.
[[nodiscard]] LayerKind peel_vlan(Bytes& bytes) noexcept;
/// A PPPoE session header (RFC 2516 §4): PPP below.
[[nodiscard]] LayerKind peel_pppoe(Bytes& bytes) noexcept;

}  // namespace tapestry::capture
