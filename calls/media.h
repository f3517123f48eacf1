#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calls/call_table.h"
#include "calls/correlator.h"
#include "calls/endpoint_index.h"
#include "calls/flow_book.h"
#include "calls/journal.h"
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

  /// What calls are given goes into it; null: nowhere. It outlives the router.
  void write_to(Journal* journal) noexcept { journal_ = journal; }
  /// What a journal says was given to a call, and kept.
  void on_recorded(const RecordedMedia& media, Duration now);
  /// The call without signalling that the journal gave this name; null: none.
  [[nodiscard]] Call* recorded(std::string_view name);

  /// The table goes on with the streams that a journal told of.
  void resume(rtp::FlowTable& table);
  /// Arrival of the oldest media that waits for its SDP.
  [[nodiscard]] std::optional<Time> oldest_waiting() { return flows_.oldest_waiting(); }

  /// What RecordedMedia called a call without signalling; empty when it did not.
  [[nodiscard]] std::string_view recorded_name(std::uint64_t call) const;

  /// The call names these endpoints from now on: media that waits there may be its own.
  void on_claims(Call& call, const std::vector<Endpoint>& endpoints, Duration now);
  /// The call is being closed as part of `interaction` (its tracks from `first_track` on in the same order as
  /// call.tracks): discards what is in no recording, and frees its endpoints.
  void on_close(Call& call, const Interaction& interaction, std::size_t first_track);
  /// Drops media that waited for too long; with Rules::record_unsignalled makes calls of it.
  void expire(Duration now);
  /// The capture is over: as if all waiting media had waited for too long, then reports every flow.
  void finish(Duration now);

  /// The rules are others from now on.
  void take_rules() noexcept { flows_.set_limit(rules_.lookback_bytes); }

  [[nodiscard]] Counters counters() const;

 private:
  /// Flows that a journal tells of are numbered from here on.
  static constexpr rtp::FlowId kRecordedFlows = rtp::FlowId{1} << 63U;

  bool route(rtp::FlowId id, FlowRecord& record, const rtp::Chunk& chunk, const rtp::FlowStats& before, Duration now);
  void give(Call& call, const struct MediaMatch& match, rtp::FlowId id, FlowRecord& record, const rtp::Chunk& chunk,
            const rtp::FlowStats& before, Duration now);
  [[nodiscard]] OpenTrack* track_of(Call& call, const struct MediaMatch& match, rtp::FlowId id, FlowRecord& record,
                                    const rtp::FlowStats& before, Time first);
  [[nodiscard]] Call* recorded_call(const RecordedMedia& media, Duration now);
  [[nodiscard]] rtp::FlowId recorded_flow(const RecordedMedia& media);
  Call& make_unsignalled(const rtp::FlowKey& key, Time first, Duration now);
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
  Journal* journal_ = nullptr;
  std::map<std::pair<rtp::FlowKey, Time>, rtp::FlowId> recorded_;  ///< by key and first packet
  std::map<std::string, std::uint64_t, std::less<>> unsignalled_;  ///< serials of recorded calls without signalling
  TrackId next_track_ = 1;
  rtp::FlowId next_recorded_ = kRecordedFlows;
  std::uint64_t unmatched_ = 0;
  std::uint64_t unclaimed_chunks_ = 0;
  std::uint64_t implausible_flows_ = 0;
  std::uint64_t refused_tracks_ = 0;
};

}  // namespace tapestry::calls
