#include "capture/vlan_tag.h"

#include <atomic>
#include <cstring>

namespace tapestry::capture {

Bytes restore_vlan_tag(std::span<std::uint8_t> room, std::span<std::uint8_t, kVlanNoteBytes> note, std::uint16_t tpid,
                       std::uint16_t tci) noexcept {
  constexpr std::size_t kAddresses = 12;
  constexpr std::size_t kFreed = kAddresses - kVlanTagBytes;  // of the addresses, what the moved ones overwrite
  if (room.size() < kVlanTagBytes + kAddresses) return room.subspan(kVlanTagBytes);
  const auto freed = note.last<kFreed>();
  if (note[0] == 0) {
    std::memcpy(room.data(), room.data() + kVlanTagBytes, kVlanTagBytes);
    std::memcpy(freed.data(), room.data() + 2 * kVlanTagBytes, kFreed);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // whoever is killed has written all of this, then that
    note[0] = 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  std::memcpy(room.data() + kVlanTagBytes, freed.data(), kFreed);
  const auto tag = room.subspan(kAddresses, kVlanTagBytes);
  tag[0] = static_cast<std::uint8_t>(tpid >> 8U);
  tag[1] = static_cast<std::uint8_t>(tpid & 0xffU);
  tag[2] = static_cast<std::uint8_t>(tci >> 8U);
  tag[3] = static_cast<std::uint8_t>(tci & 0xffU);
  return room;
}

}  // namespace tapestry::capture
