#pragma once
#include <cstdint>
#include <vector>

#include "calls/interaction.h"
#include "mux/payload_map.h"
#include "mux/payload_proof.h"
#include "mux/render.h"
#include "spool/media_store.h"

namespace tapestry::mux {

/// A packet without its payload; its index in a list is its number in order of arrival.
struct PacketInfo {
  Time arrival;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::int32_t extended = 0;  ///< sequence number without wrap-around, within its epoch
  std::uint32_t epoch = 0;    ///< counts SSRC changes and restarts of the sequence
  std::uint16_t sequence = 0;
  std::uint16_t ticks = 0;  ///< Reading
  std::uint8_t codec = 0;   ///< index into PayloadMap::codecs()
  enum class Standing : std::uint8_t { Fresh, Late, Duplicate, Stray } standing = Standing::Fresh;
  bool pauses = false;  ///< Reading
  bool sealed = false;  ///< no key opened it: what its header says is not certain
};
static_assert(sizeof(PacketInfo) == 32);

/// A stretch of packet time, both ends included.
struct ArrivalRange {
  Time from;
  Time to;
  [[nodiscard]] bool contains(Time time) const noexcept { return from <= time && time <= to; }
};

/// The headers of those of a track's packets that arrived in `range`, in order of arrival. Each that is not sealed is
/// shown to `proof`.
std::vector<PacketInfo> list_packets(const spool::MediaStore& media, const calls::Track& track,
                                     const PayloadMap& payloads, const ArrivalRange& range, PayloadProof& proof);

/// Fills in extended, epoch and standing. A jump of 3,000 or more forward or 300 or more back (RFC 3550 A.1 with room
/// for reordering) that the next packet follows begins an epoch; one that it does not follow makes a stray, which is
/// not heard. Of several packets with one place the first that is not sealed is heard. Gives the indices of all but
/// duplicates and strays by epoch and sequence.
std::vector<std::uint32_t> order_packets(std::vector<PacketInfo>& packets, const PayloadMap& payloads);

/// Adds what an ordered list tells about the packets that arrived in `windows` (in order, not touching), with those of
/// them that came late, after the window.
void count_packets(const std::vector<PacketInfo>& packets, const std::vector<ArrivalRange>& windows,
                   PacketCounts& counts);

}  // namespace tapestry::mux
