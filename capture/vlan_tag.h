#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/bytes.h"

namespace tapestry::capture {

/// Octets of an IEEE 802.1Q tag.
inline constexpr std::size_t kVlanTagBytes = 4;

/// What is remembered of a frame whose tag is being put back.
inline constexpr std::size_t kVlanNoteBytes = 10;

/// Puts back the tag that a NIC or the kernel took off an Ethernet frame. `room` is kVlanTagBytes free octets and then
/// the frame; what comes back is the frame with its tag, in the same memory. A frame that is too short for addresses
/// stays as it is. `note` lies in memory that lives as long as the frame's, zeros at first: whoever is given both again
/// gets the same frame again, even when the process was killed in between.
[[nodiscard]] Bytes restore_vlan_tag(std::span<std::uint8_t> room, std::span<std::uint8_t, kVlanNoteBytes> note,
                                     std::uint16_t tpid, std::uint16_t tci) noexcept;

}  // namespace tapestry::capture
