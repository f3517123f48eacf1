#include "calls/call_table.h"

#include <algorithm>

#include "core/tables.h"

namespace tapestry::calls {
namespace {

constexpr Duration kRememberClosed = std::chrono::seconds(64);
constexpr std::size_t kMaxClosed = 100'000;

}  // namespace

Call* CallTable::find(std::string_view call_id) {
  const auto at = by_call_id_.find(call_id);
  return at == by_call_id_.end() ? nullptr : find(at->second);
}

Call* CallTable::find(std::uint64_t serial) {
  const auto at = calls_.find(serial);
  return at == calls_.end() ? nullptr : &at->second;
}

Call& CallTable::open(std::string_view call_id, Duration now) {
  const std::uint64_t serial = next_++;
  Call& call = calls_[serial];
  call.serial = serial;
  call.call_id = call_id;
  call.touched = now;
  if (!call_id.empty()) by_call_id_.insert_or_assign(std::string(call_id), serial);
  timers_.push({now + rules_.linger, serial});
  return call;
}

void CallTable::take_rules(Duration now) {
  timers_ = {};
  for (const std::uint64_t serial : all()) {
    const Call& call = calls_.at(serial);
    if (!call.set_aside) timers_.push({std::min(deadline(call), now + rules_.linger), serial});
  }
}

void CallTable::touch(Call& call, Duration now) {
  call.touched = now;
  if (!call.set_aside) return;
  call.set_aside = false;
  timers_.push({now + rules_.linger, call.serial});
}

void CallTable::close(std::uint64_t serial, Duration now) {
  const auto at = calls_.find(serial);
  if (at == calls_.end()) return;
  const std::string& call_id = at->second.call_id;
  if (!call_id.empty()) {
    by_call_id_.erase(call_id);
    if (closed_.insert(call_id).second) closed_order_.emplace_back(now, call_id);
  }
  calls_.erase(at);
  release_if_empty(calls_);
  release_if_empty(by_call_id_);
  forget_closed(now);
}

void CallTable::forget_closed(Duration now) {
  while (!closed_order_.empty() &&
         (now - closed_order_.front().first > kRememberClosed || closed_order_.size() > kMaxClosed)) {
    closed_.erase(closed_order_.front().second);
    closed_order_.pop_front();
  }
  release_if_empty(closed_);
}

bool CallTable::was_closed(std::string_view call_id) const { return closed_.contains(call_id); }

Duration CallTable::deadline(const Call& call) const {
  if (call.over) return std::max(*call.over + rules_.linger, call.kept_until);
  const bool held = call.holds[0].on || call.holds[1].on;
  const bool quiet = call.answered_branch() != nullptr && (held || !call.last_media);
  return call.touched + (quiet ? rules_.silent_timeout : rules_.media_timeout);
}

std::optional<std::uint64_t> CallTable::expired(Duration now) {
  forget_closed(now);
  while (!timers_.empty() && timers_.top().at <= now) {
    const Timer timer = timers_.top();
    timers_.pop();
    const Call* call = find(timer.serial);
    if (call == nullptr || call->set_aside) continue;
    if (const Duration due = deadline(*call); due > now) {
      // Not before its linger would be up even if it ended this moment: bounds the wake-ups of a busy call.
      timers_.push({std::min(due, now + rules_.linger), timer.serial});
      continue;
    }
    return timer.serial;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> CallTable::surplus() {
  while (calls_.size() > rules_.calls && !timers_.empty()) {
    const std::uint64_t serial = timers_.top().serial;
    timers_.pop();
    if (find(serial) != nullptr) return serial;
  }
  return std::nullopt;
}

std::vector<std::uint64_t> CallTable::all() const {
  std::vector<std::uint64_t> serials;
  serials.reserve(calls_.size());
  for (const auto& [serial, call] : calls_) serials.push_back(serial);
  std::sort(serials.begin(), serials.end());
  return serials;
}

}  // namespace tapestry::calls
