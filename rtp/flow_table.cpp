#include "rtp/flow_table.h"

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "core/hash.h"
#include "rtp/packet.h"
#include "rtp/rtcp_book.h"
#include "rtp/sequence_tracker.h"

namespace tapestry::rtp {
namespace {

constexpr Duration kSilent = std::chrono::milliseconds(300);
constexpr Duration kSweepEvery = std::chrono::seconds(5);
constexpr std::uint32_t kNone = 0xffffffff;

struct alignas(64) Flow {
  std::uint64_t hash = 0;
  FlowId id = 0;  ///< 0: free
  FlowKey key;
  Time through = Time::min();  ///< what came until then was handed out by another table
  Chunk chunk;
  SequenceTracker tracker;
};

/// Flows that stay where they are. Few large blocks, so that finding one touches no memory but the flow's own.
class FlowStore {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] Flow& operator[](std::uint32_t index) noexcept { return (*blocks_[index / kBlock])[index % kBlock]; }
  [[nodiscard]] const Flow& operator[](std::uint32_t index) const noexcept {
    return (*blocks_[index / kBlock])[index % kBlock];
  }
  std::uint32_t add() {
    if (size_ % kBlock == 0) blocks_.push_back(std::make_unique<Block>());
    return size_++;
  }
  /// All of a flow that will be used soon: one line after the other would be waited for.
  void prefetch(std::uint32_t index) const noexcept {
    constexpr std::size_t kLine = 64;
    const void* const flow = &(*this)[index];
    for (std::size_t at = 0; at < sizeof(Flow); at += kLine) __builtin_prefetch(static_cast<const char*>(flow) + at);
  }

 private:
  static constexpr std::uint32_t kBlock = 64;
  using Block = std::array<Flow, kBlock>;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::uint32_t size_ = 0;
};

/// A FlowKey that is not copied out of where its parts are.
struct KeyView {
  const Endpoint& source;
  const Endpoint& destination;
  std::uint32_t ssrc;
};

KeyView view(const FlowKey& key) noexcept { return {key.source, key.destination, key.ssrc}; }

std::uint64_t hash_of(const KeyView& key) noexcept {
  const Bytes source(key.source.ip.octets);
  const Bytes destination(key.destination.ip.octets);
  const std::uint64_t numbers =
      std::uint64_t{key.ssrc} << 32U | std::uint64_t{key.source.port} << 16U | key.destination.port;
  std::uint64_t hash = hash_mix(hash_seed(), load<std::uint64_t>(source.subspan(8)));
  hash = hash_mix(hash, load<std::uint64_t>(destination.subspan(8)));
  hash = hash_mix(hash, load<std::uint64_t>(source) ^ (load<std::uint64_t>(destination) << 1U));
  return hash_mix(hash, numbers);
}

/// What operator== says, by words.
bool same(const Endpoint& a, const Endpoint& b) noexcept {
  const Bytes left(a.ip.octets);
  const Bytes right(b.ip.octets);
  return load<std::uint64_t>(left) == load<std::uint64_t>(right) &&
         load<std::uint64_t>(left.subspan(8)) == load<std::uint64_t>(right.subspan(8)) && a.port == b.port;
}

bool same(const FlowKey& a, const KeyView& b) noexcept {
  return a.ssrc == b.ssrc && same(a.source, b.source) && same(a.destination, b.destination);
}

/// RTP with nothing between its fixed header and the payload, and nothing behind that: nearly all.
bool is_plain(Bytes datagram) noexcept {
  return datagram.size() >= kHeaderBytes && datagram[0] == 0x80 && (datagram[1] < 192 || datagram[1] > 223);
}

}  // namespace

/// Flows in stable slots, found through an open-addressed table of slot numbers (linear probing, at most half full).
struct FlowTable::State {
  State(ChunkSink& the_sink, const FlowLimits& the_limits) : sink(the_sink), limits(the_limits), slots(1024, kNone) {}

  ChunkSink& sink;
  FlowLimits limits;
  std::vector<std::uint32_t> slots;
  FlowStore flows;
  std::vector<std::uint32_t> free;
  std::size_t used = 0;
  FlowId next_id = 1;
  struct Open {
    Time first;
    std::uint32_t index;
    FlowId id;
  };
  std::deque<Open> open_chunks;  ///< in the order in which they were begun
  Time swept;
  RtcpBook reports;
  std::uint64_t packets = 0;
  std::uint64_t rtcp = 0;
  std::uint64_t not_rtp = 0;
  std::uint64_t evicted = 0;
  std::uint64_t read_again = 0;

  void prefetch(std::uint64_t hash) const noexcept {
    const std::uint32_t likely = slots[hash & (slots.size() - 1)];
    if (likely != kNone) flows.prefetch(likely);
  }

  [[nodiscard]] std::size_t probe(const KeyView& key, std::uint64_t hash) const noexcept {
    const std::size_t mask = slots.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      if (slots[at] == kNone) return at;
      const Flow& flow = flows[slots[at]];
      if (flow.hash == hash && same(flow.key, key)) return at;
    }
  }

  /// SRTP encrypts the count of a packet's padding (RFC 3711 §3.1): where the stream is known, one that cannot be is
  /// let pass.
  [[nodiscard]] std::optional<Packet> read(const capture::Datagram& datagram) const noexcept {
    auto packet = parse_packet(datagram.payload, datagram.time, datagram.snapped ? Padding::Unknown : Padding::Counted);
    if (packet || datagram.snapped) return packet;
    packet = parse_packet(datagram.payload, datagram.time, Padding::Unknown);
    if (!packet) return packet;
    const KeyView key{datagram.source, datagram.destination, packet->ssrc};
    return slots[probe(key, hash_of(key))] == kNone ? std::nullopt : packet;
  }

  void grow() {
    std::vector<std::uint32_t> old(slots.size() * 2, kNone);
    old.swap(slots);
    for (const std::uint32_t index : old) {
      if (index != kNone) slots[probe(view(flows[index].key), flows[index].hash)] = index;
    }
  }

  std::uint32_t begin(const FlowKey& key, std::uint64_t hash, Time time) {
    if (used >= limits.flows) evict();
    if ((used + 1) * 2 > slots.size()) grow();
    std::uint32_t index = 0;
    if (free.empty()) {
      index = flows.add();
    } else {
      index = free.back();
      free.pop_back();
    }
    Flow& flow = flows[index];
    flow.key = key;
    flow.hash = hash;
    flow.id = next_id++;
    flow.tracker = SequenceTracker();
    flow.through = Time::min();
    flow.chunk.reset(flow.id);
    slots[probe(view(key), hash)] = index;
    ++used;
    sink.on_flow(flow.id, key, time);
    return index;
  }

  void hand_out(Flow& flow) {
    if (flow.chunk.empty()) return;
    if (const RtcpView* view = reports.find(flow.key)) flow.tracker.set_rtcp(*view);
    sink.on_chunk(flow.chunk, flow.tracker.stats());
    flow.chunk.reset(flow.id);
  }

  void forget(std::uint32_t index) {
    Flow& flow = flows[index];
    hand_out(flow);
    sink.on_flow_end(flow.id, flow.tracker.stats());
    erase_slot(probe(view(flow.key), flow.hash));
    flow.id = 0;
    flow.chunk.give_back_memory();
    free.push_back(index);
    --used;
  }

  /// Whether the packet was handed out by the table before this one.
  bool was_read(Flow& flow, Time arrival) noexcept {
    const bool again = arrival <= flow.through && flow.through - arrival <= kReadAgain;
    if (again) {
      ++read_again;
    } else {
      flow.through = Time::min();
    }
    return again;
  }

  /// Backward-shift deletion: no tombstones, so probes stay short.
  void erase_slot(std::size_t hole) {
    const std::size_t mask = slots.size() - 1;
    slots[hole] = kNone;
    for (std::size_t at = (hole + 1) & mask; slots[at] != kNone; at = (at + 1) & mask) {
      const std::size_t home = flows[slots[at]].hash & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at];
        slots[at] = kNone;
        hole = at;
      }
    }
  }

  /// Makes room by forgetting the least recently seen sixteenth of all flows, so that a flood costs amortised constant
  /// time.
  void evict() {
    std::vector<std::pair<Time, std::uint32_t>> ages;
    for (std::uint32_t index = 0; index < flows.size(); ++index) {
      if (flows[index].id != 0) ages.emplace_back(flows[index].tracker.stats().last, index);
    }
    const std::size_t count = std::max<std::size_t>(1, ages.size() / 16);
    std::nth_element(ages.begin(), ages.begin() + static_cast<std::ptrdiff_t>(count - 1), ages.end());
    for (std::size_t n = 0; n < count; ++n) forget(ages[n].second);
    evicted += count;
  }

  void sweep(Time time) {
    swept = time;
    for (std::uint32_t index = 0; index < flows.size(); ++index) {
      if (flows[index].id != 0 && time - flows[index].tracker.stats().last > limits.idle) forget(index);
    }
  }
};

FlowTable::FlowTable(ChunkSink& sink, const FlowLimits& limits) : state_(std::make_unique<State>(sink, limits)) {}
FlowTable::~FlowTable() = default;

std::optional<capture::FrameEnd> FlowTable::add(const capture::Datagram& datagram) {
  State& state = *state_;
  // What is plain is read where it stays: a copy out of an optional waits until all stores before are done.
  const bool plain = is_plain(datagram.payload);
  const std::optional<Packet> other = plain ? std::nullopt : state.read(datagram);
  if (!plain && !other) {
    const bool control = is_rtcp(datagram.payload);
    ++(control ? state.rtcp : state.not_rtp);
    if (!control) return std::nullopt;
    return state.reports.add(datagram) ? capture::FrameEnd::Rtcp : capture::FrameEnd::UnusableRtcp;
  }
  const Packet packet = plain ? parse_fixed_header(datagram.payload, datagram.time) : *other;
  ++state.packets;
  const KeyView key{datagram.source, datagram.destination, packet.ssrc};
  const std::uint64_t hash = hash_of(key);
  state.prefetch(hash);
  std::uint32_t index = state.slots[state.probe(key, hash)];
  if (index == kNone) index = state.begin({key.source, key.destination, key.ssrc}, hash, datagram.time);
  Flow& flow = state.flows[index];
  if (flow.through != Time::min() && state.was_read(flow, packet.arrival)) [[unlikely]]
    return capture::FrameEnd::RtpCopy;
  if (!flow.chunk.empty() && (packet.arrival - flow.chunk.first() >= state.limits.chunk_span ||
                              flow.chunk.used_bytes() + packet.raw.size() + 32 > state.limits.chunk_bytes)) {
    state.hand_out(flow);
  }
  const auto placed = flow.tracker.add(packet.sequence, packet.payload_type, packet.arrival, packet.payload.size());
  if (datagram.snapped) flow.tracker.count_snapped();
  if (flow.chunk.empty()) state.open_chunks.push_back({packet.arrival, index, flow.id});
  flow.chunk.append(packet);
  return placed.verdict == SequenceTracker::Verdict::Duplicate ? capture::FrameEnd::RtpCopy : capture::FrameEnd::Rtp;
}

FlowId FlowTable::resume(const FlowKey& key, const FlowStats& stats, Time through) {
  State& state = *state_;
  const std::uint64_t hash = hash_of(view(key));
  const std::uint32_t known = state.slots[state.probe(view(key), hash)];
  if (known != kNone) return state.flows[known].id;
  Flow& flow = state.flows[state.begin(key, hash, stats.first)];
  flow.tracker = SequenceTracker(stats);
  flow.through = through;
  return flow.id;
}

void FlowTable::flush(Time time) {
  State& state = *state_;
  while (!state.open_chunks.empty() && state.open_chunks.front().first <= time) {
    const State::Open open = state.open_chunks.front();
    state.open_chunks.pop_front();
    Flow& flow = state.flows[open.index];
    if (flow.id != open.id || flow.chunk.empty() || flow.chunk.first() != open.first) continue;
    state.hand_out(flow);
    // What a silent flow would hold until it is forgotten; one that goes on needs its buffer again at once.
    if (time - flow.tracker.stats().last > kSilent - state.limits.chunk_span) flow.chunk.give_back_memory();
  }
  if (time - state.swept >= kSweepEvery || time < state.swept) state.sweep(time);
}

void FlowTable::finish() {
  State& state = *state_;
  std::vector<std::pair<FlowId, std::uint32_t>> order;
  for (std::uint32_t index = 0; index < state.flows.size(); ++index) {
    if (state.flows[index].id != 0) order.emplace_back(state.flows[index].id, index);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [id, index] : order) state.hand_out(state.flows[index]);
  for (const auto& [id, index] : order) state.forget(index);
  state.open_chunks.clear();
}

std::size_t FlowTable::size() const noexcept { return state_->used; }

Counters FlowTable::counters() const {
  return {{"rtp.packets", state_->packets},
          {"rtp.rtcp_packets", state_->rtcp},
          {"rtp.rtcp_unusable", state_->reports.unusable()},
          {"rtp.not_rtp", state_->not_rtp},
          {"rtp.flows", state_->next_id - 1},
          {"rtp.flows_evicted", state_->evicted},
          {"rtp.read_again", state_->read_again}};
}

}  // namespace tapestry::rtp
