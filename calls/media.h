#pragma once
#include <cstdint>
#include <vector>

#include "calls/call_table.h"
#include "calls/correlator.h"
#include "calls/endpoint_index.h"
#include "calls/flow_book.h"
#include "calls/linker.h"
#include "calls/media_gate.h"
#include "calls/voice_ear.h"

namespace tapestry::calls {

/// Gives every chunk to the call whose SDP names its endpoint, or lets it wait for one. Correlator's thread only.
class MediaRouter {
 public:
  /// All outlive it.
  MediaRouter(const Rules& rules, CallTable& calls, ConversationTable& conversations, Linker& linker, MediaGate& gate,
              VoiceEar& ear, Output& output)
      : rules_(rules),
        calls_(calls),
        conversations_(conversations),
        linker_(linker),
        gate_(gate),
        ear_(ear),
        output_(output),
        flows_(rules.lookback_bytes) {}

  void on_flow(rtp::FlowId id, const rtp::FlowKey& key) { flows_.add(id, key); }
  void on_chunk(rtp::Chunk& chunk, const rtp::FlowStats& stats, Duration now);
  void on_flow_end(rtp::FlowId id, const rtp::FlowStats& stats);

  /// The call names these endpoints from now on: media that waits there may be its own.
  void on_claims(Call& call, const std::vector<Endpoint>& endpoints, Duration now);
  /// The call is being closed as part of `interaction` (its tracks from `first_track` on in the same order as
  /// call.tracks): discards what is in no recording, and frees its endpoints.
  void on_close(Call& call, const Interaction& interaction, std::size_t first_track);
  /// Drops media that waited for too long; with Rules::record_unsignalled makes calls of it.
  void expire(Duration now);
  /// The capture is over: as if all waiting media had waited for too long, then reports every flow.
  void finish(Duration now);

  [[nodiscard]] Counters counters() const;

 private:
  bool route(rtp::FlowId id, FlowRecord& record, const rtp::Chunk& chunk, const rtp::FlowStats& before, Duration now);
  void give(Call& call, const struct MediaMatch& match, rtp::FlowId id, FlowRecord& record, const rtp::Chunk& chunk,
            const rtp::FlowStats& before, Duration now);
  bool open_unsignalled(rtp::FlowId id, FlowRecord& record, Duration now);
  void report_if_done(rtp::FlowId id, FlowRecord& record);

  const Rules& rules_;
  CallTable& calls_;
  ConversationTable& conversations_;
  Linker& linker_;
  MediaGate& gate_;
  VoiceEar& ear_;
  Output& output_;
  FlowBook flows_;
  EndpointIndex endpoints_;
  TrackId next_track_ = 1;
  std::uint64_t unclaimed_chunks_ = 0;
  std::uint64_t implausible_flows_ = 0;
  std::uint64_t refused_tracks_ = 0;
};

}  // namespace tapestry::calls
