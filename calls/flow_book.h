#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "calls/interaction.h"
#include "rtp/chunk.h"
#include "rtp/flow_stats.h"

namespace tapestry::calls {

/// What is known of one RTP stream on the wire.
struct FlowRecord {
  rtp::FlowKey key;
  rtp::FlowStats stats;
  std::vector<rtp::Chunk> waiting;  ///< media that nobody has named yet
  std::uint64_t first_waiting = 0;  ///< number, within the flow, of the chunk at the front of `waiting`
  std::size_t open_tracks = 0;      ///< calls that are open and have a part of it
  bool ended = false;
  Use use = Use::Unassigned;
  std::vector<std::string> codecs;
  Time through = Time::min();  ///< a journal has told of what came until then
};

/// All flows, and the media of those that wait for their SDP: bounded in time and bytes. Correlator's thread only.
class FlowBook {
 public:
  explicit FlowBook(std::size_t waiting_bytes) : limit_bytes_(waiting_bytes) {}

  /// The bound is another from now on.
  void set_limit(std::size_t waiting_bytes) noexcept { limit_bytes_ = waiting_bytes; }
  FlowRecord& add(rtp::FlowId id, const rtp::FlowKey& key);
  [[nodiscard]] FlowRecord* find(rtp::FlowId id);
  void erase(rtp::FlowId id);
  /// The flow goes on under another number, and that one's record goes.
  void rename(rtp::FlowId from, rtp::FlowId to);
  /// Arrival of the oldest media that waits for its SDP.
  [[nodiscard]] std::optional<Time> oldest_waiting();
  /// Flows with waiting media that come from or go to the endpoint, oldest first.
  [[nodiscard]] std::vector<rtp::FlowId> waiting_at(const Endpoint& endpoint) const;

  /// Keeps a chunk until it is claimed or too old. The chunk is moved from.
  void wait(rtp::FlowId id, FlowRecord& record, rtp::Chunk& chunk, Duration now);
  /// The next flow whose oldest waiting chunk is older than `age`, or beyond the bound of bytes; nothing when there is
  /// none.
  std::optional<rtp::FlowId> overdue(Duration now, Duration age);
  /// Drops the chunk that overdue() named.
  void drop_overdue();
  /// Takes one flow's waiting chunks out, in order of arrival.
  std::vector<rtp::Chunk> take_waiting(rtp::FlowId id, FlowRecord& record);

  [[nodiscard]] std::uint64_t dropped_by_bound() const noexcept { return dropped_by_bound_; }

 private:
  struct Waiting {
    Duration since;
    rtp::FlowId flow;
    std::uint64_t number;  ///< within the flow; below FlowRecord::first_waiting when it was taken or dropped already
  };
  [[nodiscard]] bool stale(const Waiting& entry) const;
  void skip_stale();
  void unlist(rtp::FlowId id, const FlowRecord& record);

  std::size_t limit_bytes_;
  std::unordered_map<rtp::FlowId, FlowRecord> flows_;
  std::unordered_map<Endpoint, std::set<rtp::FlowId>, AddressHash> waiting_at_;
  std::deque<Waiting> order_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t dropped_by_bound_ = 0;
};

}  // namespace tapestry::calls
