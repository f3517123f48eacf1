#include "calls/relays.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/hash.h"

namespace tapestry::calls {
namespace {

constexpr std::size_t kShortestPayload = 20;
constexpr std::size_t kMaxSamples = 65'536;
constexpr std::size_t kMaxPairsOfCall = 64;
constexpr std::size_t kMaxEqual = 16;  ///< streams with one payload: more are a server's
constexpr std::uint32_t kEnough = 4;
constexpr Duration kMostDelay = std::chrono::seconds(1);
/// Chunks come up to two seconds after their packets, in any order.
constexpr Duration kRemembered = std::chrono::seconds(4);

/// One in 32, by content alone.
bool is_chosen(std::uint64_t begin, std::uint64_t end) noexcept {
  return ((begin ^ (end << 1U)) * 0x9e3779b97f4a7c15ULL) >> 59U == 0;
}

std::size_t index(Side a, Side b) noexcept { return index_of(a) * 2 + index_of(b); }

bool both_ways(const std::array<std::uint32_t, 4>& counts) noexcept {
  const bool straight = counts[0] >= kEnough && counts[3] >= kEnough;
  return straight || (counts[1] >= kEnough && counts[2] >= kEnough);
}

}  // namespace

std::vector<RelayFinder::Pair> RelayFinder::add(const Call& call, const Track& track, const rtp::Chunk& chunk) {
  std::vector<Pair> found;
  expire(chunk.last());
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    if (packet.payload.size() < kShortestPayload) return;
    const auto begin = load<std::uint64_t>(packet.payload);
    const auto end = load<std::uint64_t>(packet.payload.last(sizeof begin));
    if (begin == end || !is_chosen(begin, end)) return;
    match({.hash = hash_bytes(packet.payload),
           .call = call.serial,
           .sender = track.sender,
           .source = track.flow.source.ip,
           .destination = track.flow.destination.ip,
           .arrival = packet.arrival},
          found);
  });
  return found;
}

RelayFinder::Fork* RelayFinder::fork_of(const Sample& sample, const Sample& other) {
  std::vector<Fork>& forks = forks_[sample.call];
  for (Fork& fork : forks) {
    if (fork.other == other.call && fork.sender == sample.sender && fork.other_sender == other.sender) return &fork;
  }
  if (forks.size() >= kMaxEqual) return nullptr;
  forks.push_back({.other = other.call, .sender = sample.sender, .other_sender = other.sender});
  return &forks.back();
}

void RelayFinder::match_fork(const Sample& sample, const Sample& other) {
  for (const auto& [mine, theirs] : {std::pair(&sample, &other), std::pair(&other, &sample)}) {
    Fork* fork = fork_of(*mine, *theirs);
    if (fork == nullptr) continue;
    ++fork->matched;
    fork->seen = std::max(fork->seen, 1U);
  }
}

bool RelayFinder::is_forked(const Call& one, Side sender, const Call& another, Side other_sender) const {
  const auto agrees = [this](const Call& call, Side side, const Call& other, Side other_side) {
    const auto forks = forks_.find(call.serial);
    return forks != forks_.end() && std::ranges::any_of(forks->second, [&](const Fork& fork) {
             return fork.other == other.serial && fork.sender == side && fork.other_sender == other_side &&
                    fork.matched >= kEnough && fork.matched * 8 >= fork.seen * 7;
           });
  };
  return agrees(one, sender, another, other_sender) && agrees(another, other_sender, one, sender);
}

void RelayFinder::match(const Sample& sample, std::vector<Pair>& found) {
  if (const auto forks = forks_.find(sample.call); forks != forks_.end()) {
    for (Fork& fork : forks->second) fork.seen += fork.sender == sample.sender ? 1U : 0U;
  }
  std::vector<std::uint64_t>& equal = by_hash_[sample.hash];
  for (const std::uint64_t number : equal) {
    const Sample& other = recent_[number - first_];
    const Duration apart = std::max(sample.arrival, other.arrival) - std::min(sample.arrival, other.arrival);
    if (other.call == sample.call || apart > kMostDelay) continue;
    if (other.source == sample.source) {
      match_fork(sample, other);
      continue;
    }
    const bool swap = other.call < sample.call;
    const Sample& a = swap ? other : sample;
    const Sample& b = swap ? sample : other;
    const Pair pair{a.call, b.call};
    if (!pairs_.contains(pair)) {
      if (pairs_of_call_[a.call].size() >= kMaxPairsOfCall || pairs_of_call_[b.call].size() >= kMaxPairsOfCall)
        continue;
      pairs_of_call_[a.call].push_back(pair);
      pairs_of_call_[b.call].push_back(pair);
    }
    Matches& matches = pairs_[pair];
    // What comes back to where it came from is an echo.
    const bool through = (a.destination == b.source && a.source != b.destination) ||
                         (b.destination == a.source && b.source != a.destination);
    if (!through && (a.destination == b.source || b.destination == a.source)) continue;
    std::uint32_t& count = (through ? matches.through : matches.apart)[index(a.sender, b.sender)];
    ++count;
    if (matches.certain || ((!through || count < kEnough) && !both_ways(matches.apart))) continue;
    matches.certain = true;
    found.push_back(pair);
  }
  if (equal.size() >= kMaxEqual || recent_.size() >= kMaxSamples) {
    if (equal.empty()) by_hash_.erase(sample.hash);
    return;
  }
  equal.push_back(first_ + recent_.size());
  recent_.push_back(sample);
}

void RelayFinder::expire(Time now) {
  // The capture's clock may go back: what is far ahead is as old.
  const auto apart = [now](Time arrival) { return std::max(arrival, now) - std::min(arrival, now); };
  while (!recent_.empty() && apart(recent_.front().arrival) > kRemembered) {
    const auto at = by_hash_.find(recent_.front().hash);
    if (at != by_hash_.end()) {
      std::erase(at->second, first_);
      if (at->second.empty()) by_hash_.erase(at);
    }
    recent_.pop_front();
    ++first_;
  }
}

void RelayFinder::forget(std::uint64_t call) {
  if (const auto forks = forks_.find(call); forks != forks_.end()) {
    for (const Fork& fork : forks->second) {
      const auto theirs = forks_.find(fork.other);
      if (theirs != forks_.end()) std::erase_if(theirs->second, [call](const Fork& one) { return one.other == call; });
    }
    forks_.erase(call);
  }
  const auto own = pairs_of_call_.find(call);
  if (own == pairs_of_call_.end()) return;
  for (const Pair& pair : own->second) {
    pairs_.erase(pair);
    const std::uint64_t other = pair.first == call ? pair.second : pair.first;
    const auto theirs = pairs_of_call_.find(other);
    if (theirs != pairs_of_call_.end()) std::erase(theirs->second, pair);
  }
  pairs_of_call_.erase(call);
}

}  // namespace tapestry::calls
