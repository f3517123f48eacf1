#include "calls/flow_book.h"

#include <algorithm>
#include <utility>

namespace tapestry::calls {

FlowRecord& FlowBook::add(rtp::FlowId id, const rtp::FlowKey& key) {
  FlowRecord& record = flows_[id];
  record.key = key;
  by_endpoint_.emplace(key.source, id);
  by_endpoint_.emplace(key.destination, id);
  return record;
}

FlowRecord* FlowBook::find(rtp::FlowId id) {
  const auto at = flows_.find(id);
  return at == flows_.end() ? nullptr : &at->second;
}

void FlowBook::erase(rtp::FlowId id) {
  const auto at = flows_.find(id);
  if (at == flows_.end()) return;
  (void)take_waiting(at->second);
  for (const Endpoint& endpoint : {at->second.key.source, at->second.key.destination}) {
    const auto [first, last] = by_endpoint_.equal_range(endpoint);
    const auto entry = std::find_if(first, last, [id](const auto& e) { return e.second == id; });
    if (entry != last) by_endpoint_.erase(entry);
  }
  flows_.erase(at);
}

std::vector<rtp::FlowId> FlowBook::at(const Endpoint& endpoint) const {
  std::vector<rtp::FlowId> ids;
  const auto [first, last] = by_endpoint_.equal_range(endpoint);
  for (auto entry = first; entry != last; ++entry) ids.push_back(entry->second);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<rtp::FlowId> FlowBook::all() const {
  std::vector<rtp::FlowId> ids;
  ids.reserve(flows_.size());
  for (const auto& [id, record] : flows_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

void FlowBook::wait(rtp::FlowId id, FlowRecord& record, rtp::Chunk& chunk, Duration now) {
  order_.push_back({now, id, record.first_waiting + record.waiting.size()});
  waiting_bytes_ += chunk.bytes().size();
  record.waiting.push_back(std::move(chunk));
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
  FlowRecord& record = flows_.at(order_.front().flow);
  if (waiting_bytes_ > limit_bytes_) ++dropped_by_bound_;
  waiting_bytes_ -= record.waiting.front().bytes().size();
  record.waiting.pop_front();
  ++record.first_waiting;
  order_.pop_front();
}

std::deque<rtp::Chunk> FlowBook::take_waiting(FlowRecord& record) {
  std::deque<rtp::Chunk> taken = std::exchange(record.waiting, {});
  record.first_waiting += taken.size();
  for (const rtp::Chunk& chunk : taken) waiting_bytes_ -= chunk.bytes().size();
  return taken;
}

}  // namespace tapestry::calls
