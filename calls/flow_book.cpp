#include "calls/flow_book.h"

#include <algorithm>
#include <utility>

namespace tapestry::calls {
namespace {

/// What a waiting chunk costs beside its bytes.
constexpr std::size_t kChunkOverhead = 512;

std::size_t cost_of(const rtp::Chunk& chunk) { return chunk.bytes().size() + kChunkOverhead; }

}  // namespace

FlowRecord& FlowBook::add(rtp::FlowId id, const rtp::FlowKey& key) {
  FlowRecord& record = flows_[id];
  record.key = key;
  return record;
}

FlowRecord* FlowBook::find(rtp::FlowId id) {
  const auto at = flows_.find(id);
  return at == flows_.end() ? nullptr : &at->second;
}

void FlowBook::erase(rtp::FlowId id) {
  const auto at = flows_.find(id);
  if (at == flows_.end()) return;
  (void)take_waiting(id, at->second);
  flows_.erase(at);
}

void FlowBook::rename(rtp::FlowId from, rtp::FlowId to) {
  auto moved = flows_.extract(from);
  if (!moved) return;
  flows_.erase(to);
  moved.key() = to;
  flows_.insert(std::move(moved));
}

std::optional<Time> FlowBook::oldest_waiting() {
  skip_stale();
  if (order_.empty()) return std::nullopt;
  return flows_.at(order_.front().flow).waiting.front().first();
}

std::vector<rtp::FlowId> FlowBook::waiting_at(const Endpoint& endpoint) const {
  const auto at = waiting_at_.find(endpoint);
  return at == waiting_at_.end() ? std::vector<rtp::FlowId>{}
                                 : std::vector<rtp::FlowId>(at->second.begin(), at->second.end());
}

void FlowBook::wait(rtp::FlowId id, FlowRecord& record, rtp::Chunk& chunk, Duration now) {
  if (record.waiting.empty()) {
    waiting_at_[record.key.source].insert(id);
    waiting_at_[record.key.destination].insert(id);
  }
  order_.push_back({now, id, record.first_waiting + record.waiting.size()});
  waiting_bytes_ += cost_of(chunk);
  record.waiting.push_back(std::move(chunk));
}

void FlowBook::unlist(rtp::FlowId id, const FlowRecord& record) {
  for (const Endpoint& endpoint : {record.key.source, record.key.destination}) {
    const auto at = waiting_at_.find(endpoint);
    if (at == waiting_at_.end()) continue;
    at->second.erase(id);
    if (at->second.empty()) waiting_at_.erase(at);
  }
}

bool FlowBook::stale(const Waiting& entry) const {
  const auto at = flows_.find(entry.flow);
  return at == flows_.end() || entry.number < at->second.first_waiting;
}

void FlowBook::skip_stale() {
  while (!order_.empty() && stale(order_.front())) order_.pop_front();
}

std::optional<rtp::FlowId> FlowBook::overdue(Duration now, Duration age) {
  skip_stale();
  if (order_.empty() || (waiting_bytes_ <= limit_bytes_ && now - order_.front().since <= age)) return std::nullopt;
  return order_.front().flow;
}

void FlowBook::drop_overdue() {
  const rtp::FlowId id = order_.front().flow;
  FlowRecord& record = flows_.at(id);
  if (waiting_bytes_ > limit_bytes_) ++dropped_by_bound_;
  waiting_bytes_ -= cost_of(record.waiting.front());
  record.waiting.erase(record.waiting.begin());
  ++record.first_waiting;
  order_.pop_front();
  if (record.waiting.empty()) unlist(id, record);
}

std::vector<rtp::Chunk> FlowBook::take_waiting(rtp::FlowId id, FlowRecord& record) {
  if (record.waiting.empty()) return {};
  unlist(id, record);
  std::vector<rtp::Chunk> taken = std::exchange(record.waiting, {});
  record.first_waiting += taken.size();
  for (const rtp::Chunk& chunk : taken) waiting_bytes_ -= cost_of(chunk);
  return taken;
}

}  // namespace tapestry::calls
