#pragma once
#include <memory>
#include <optional>

#include "capture/datagram.h"
#include "core/counter.h"
#include "rtp/chunk.h"
#include "rtp/flow_stats.h"

namespace tapestry::rtp {

struct FlowLimits {
  std::size_t flows = 1U << 18U;  ///< more: the least recently seen is flushed and forgotten
  Duration chunk_span = std::chrono::seconds(1);
  std::size_t chunk_bytes = 16U << 10U;  ///< a chunk that would grow beyond is handed out first
  Duration idle =
      std::chrono::seconds(60);  ///< a flow without packets for so long is forgotten (a later packet is a new flow)
};

/// Who takes chunks. Called from the capture thread that owns the table.
class ChunkSink {
 public:
  virtual ~ChunkSink() = default;
  /// Once per flow, before its first chunk.
  virtual void on_flow(FlowId id, const FlowKey& key, Time first) = 0;
  /// `stats` are the flow's so far. The chunk may be moved from; what is left of it is used again.
  virtual void on_chunk(Chunk& chunk, const FlowStats& stats) = 0;
  /// The flow is forgotten; its last chunk came before.
  virtual void on_flow_end(FlowId id, const FlowStats& stats) = 0;
};

/// Finds RTP among datagrams and copies each packet exactly once, into its flow's chunk. One thread.
/// Anything with a valid RTP header counts as RTP here; whether it is media is decided by who names its endpoint.
class FlowTable {
 public:
  explicit FlowTable(ChunkSink& sink, const FlowLimits& limits = {});
  ~FlowTable();
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  /// Rtp or RtpCopy (kept, both), Rtcp (its reports are in the stats of the streams that they speak of), UnusableRtcp;
  /// nothing when the datagram is neither RTP nor RTCP.
  std::optional<capture::FrameEnd> add(const capture::Datagram& datagram);
  /// Goes on with a flow that another table had: its statistics were these, and what came until `through` has been
  /// handed out. What is read a second time is passed over, up to kReadAgain before `through`.
  FlowId resume(const FlowKey& key, const FlowStats& stats, Time through);
  static constexpr Duration kReadAgain = std::chrono::minutes(2);
  /// Hands out every chunk whose first packet is at or before `time`, and forgets idle flows. Cheap when nothing is
  /// due.
  void flush(Time time);
  /// Hands out everything and forgets all flows, in order of FlowId.
  void finish();
  /// Flows that are not forgotten.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] Counters counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::rtp
