#pragma once
#include <cstdint>
#include <vector>

#include "mux/packet_list.h"
#include "mux/payload_map.h"

namespace tapestry::mux {

/// Replaces the timestamps of an epoch by a count of its packets' own lengths where they cannot be true: most of them
/// do not go on by the packet before (they stand still, or are of another clock), and the count fits the arrivals
/// better. What a sender leaves out is not in that count: only the arrivals tell of it then. `order` is
/// order_packets()'s. Linear.
void mend_timestamps(std::vector<PacketInfo>& packets, const std::vector<std::uint32_t>& order,
                     const PayloadMap& payloads);

/// Whether the timestamp of `now` is that of `before` and as many packets of its length as the sequence went on by.
bool continues(const PacketInfo& before, const PacketInfo& now) noexcept;

}  // namespace tapestry::mux
