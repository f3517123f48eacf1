#pragma once
#include <cstdint>
#include <set>
#include <vector>

#include "mux/clock_fit.h"
#include "mux/packet_list.h"
#include "mux/payload_map.h"
#include "mux/position.h"

namespace tapestry::mux {

/// Where one packet's samples go.
struct Slot {
  FinePosition at = 0;
  std::int32_t stretch = 0;          ///< fine samples by which it is longer in the recording than Codec::samples()
  std::uint32_t packet : 31 = 0;     ///< index in the list of packets
  std::uint32_t after_loss : 1 = 0;  ///< packets between this and the slot before are missing
};
static_assert(sizeof(Slot) == 16);

/// Missing packets, and the place where their samples would have been.
struct Loss {
  Interval where;
  std::uint64_t packets = 0;
};

/// Packets that no decoder takes.
struct ForeignStretch {
  Interval where;
  std::uint8_t codec = 0;
};

/// One track on the timeline of one recording.
struct Timeline {
  std::vector<Slot> slots;  ///< in order of sequence; those that begin before the end of the one before are cut there
  std::vector<Loss> losses;
  std::vector<ForeignStretch> foreign;
  std::set<std::uint8_t> heard;  ///< codecs of the slots
  Intervals covered;             ///< where the sender was there, or is known to have been lost or silent
};

/// Places packets on the wall clock. An epoch is split into runs where timestamps and arrival part for good (by
/// 60 ms where a timestamp leaves its row, else by 250 ms) or where the clock of the timestamps changes; each run is
/// placed by its own ClockFit. Slots that do not touch `window` are left out. `order` is order_packets()'s. Positions
/// are at `rate`.
Timeline place_packets(const std::vector<PacketInfo>& packets, const std::vector<std::uint32_t>& order,
                       const PayloadMap& payloads, Time start, Rate rate, Interval window);

}  // namespace tapestry::mux
