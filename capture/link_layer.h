#pragma once
#include <cstdint>

#include "capture/layer.h"

namespace tapestry::capture {

/// What a frame of this link type begins with, its link header taken off where that is not Ethernet.
[[nodiscard]] Layer outer_layer(std::uint32_t link_type, Bytes frame) noexcept;

/// IEEE 802.3 with an EtherType; frames with a length instead (LLC) carry no IP.
[[nodiscard]] Layer peel_ethernet(Bytes frame) noexcept;
/// One 802.1Q or 802.1ad tag: the bytes behind its EtherType.
[[nodiscard]] Layer peel_vlan(Bytes tag) noexcept;
/// A PPPoE session header (RFC 2516 §4) and PPP's protocol field.
[[nodiscard]] Layer peel_pppoe(Bytes session) noexcept;

}  // namespace tapestry::capture
