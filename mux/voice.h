#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "calls/interaction.h"
#include "mux/packet_list.h"
#include "mux/payload_map.h"
#include "mux/position.h"
#include "mux/stream_quality.h"
#include "mux/timeline.h"
#include "spool/media_store.h"

namespace tapestry::mux {

/// What one channel takes from one track. `track` is the caller's.
struct Voice {
  const calls::Track* track;
  PayloadMap payloads;
  ArrivalRange range;  ///< which packets the timeline's indices count: the stretches and some seconds around
  std::vector<ArrivalRange> arrivals;  ///< the stretches
  std::vector<PacketInfo> packets;     ///< until it is placed
  std::vector<std::uint32_t> order;    ///< order_packets()'s; until it is placed
  Intervals windows;                   ///< the stretches within the recording; once placed
  StreamQuality quality;               ///< but for its channel
  Timeline timeline;                   ///< once placed
};

/// A voice for each track that the channel has stretches of between `start` and `end`, in order of index; not placed.
std::vector<Voice> find_voices(const calls::ChannelPlan& channel, const std::vector<calls::Track>& tracks,
                               const spool::MediaStore& media, ArrivalRange recording, PacketCounts& counts);
/// Whether a wideband codec is heard in a stretch of a voice that is not placed yet.
bool is_wideband(const Voice& voice) noexcept;
/// Fills in windows and timeline at `rate`; positions count from `start`.
void place(Voice& voice, Time start, Rate rate);

}  // namespace tapestry::mux
