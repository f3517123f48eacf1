#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "calls/interaction.h"
#include "mux/packet_list.h"
#include "mux/payload_map.h"
#include "mux/position.h"
#include "mux/timeline.h"
#include "spool/spool.h"

namespace tapestry::mux {

/// What one channel takes from one track. `track` is the caller's.
struct Voice {
  const calls::Track* track;
  PayloadMap payloads;
  ArrivalRange range;  ///< which packets the timeline's indices count: the stretches and some seconds around
  std::vector<ArrivalRange> arrivals;  ///< the stretches
  Intervals windows;                   ///< the stretches within the recording
  Timeline timeline;
};

/// A voice for each track that the channel has stretches of, in order of index.
std::vector<Voice> make_voices(const calls::ChannelPlan& channel, const std::vector<calls::Track>& tracks,
                               const spool::Spool& spool, Time start, Position samples, PacketCounts& counts);

}  // namespace tapestry::mux
