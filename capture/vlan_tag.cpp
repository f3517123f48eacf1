#include "capture/vlan_tag.h"

#include <cstring>

namespace tapestry::capture {

Bytes restore_vlan_tag(std::span<std::uint8_t> room, std::uint16_t tpid, std::uint16_t tci) noexcept {
  constexpr std::size_t kAddresses = 12;
  if (room.size() < kVlanTagBytes + kAddresses) return room.subspan(kVlanTagBytes);
  std::memmove(room.data(), room.data() + kVlanTagBytes, kAddresses);
  const auto tag = room.subspan(kAddresses, kVlanTagBytes);
  tag[0] = static_cast<std::uint8_t>(tpid >> 8U);
  tag[1] = static_cast<std::uint8_t>(tpid & 0xffU);
  tag[2] = static_cast<std::uint8_t>(tci >> 8U);
  tag[3] = static_cast<std::uint8_t>(tci & 0xffU);
  return room;
}

}  // namespace tapestry::capture
