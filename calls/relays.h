#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "calls/call.h"
#include "core/hash.h"
#include "rtp/chunk.h"

namespace tapestry::calls {

/// Finds streams of two calls that carry the same payloads at one time: a media relay between them. Looks at one
/// payload in 32, chosen by its content so that both streams give the same ones; what is short, or the same octets over
/// and over (silence), tells nothing. Bounded in time and number; deterministic. Correlator's thread only.
class RelayFinder {
 public:
  /// Two calls, in order of serial.
  using Pair = std::pair<std::uint64_t, std::uint64_t>;

  /// Takes a chunk of a call's stream in clear. Returns the pairs that became certain: four payloads agree within a
  /// second, on streams of which one goes to the host that the other comes from; or four each way, from different
  /// hosts. (One host that sends the same to many is a music server, no relay.)
  std::vector<Pair> add(const Call& call, const Track& track, const rtp::Chunk& chunk);
  /// Whether those two ends, on one host, send the same: of the payloads that were looked at since the first one that
  /// agreed, seven in eight and at least four are on both streams (a near-fork, RFC 5850; a page). A phone that
  /// mixes the two calls sends different ones.
  [[nodiscard]] bool is_forked(const Call& one, Side sender, const Call& another, Side other_sender) const;
  /// The call is closed.
  void forget(std::uint64_t call);

 private:
  struct Sample {
    std::uint64_t hash = 0;
    std::uint64_t call = 0;
    Side sender = Side::Caller;
    IpAddress source;
    IpAddress destination;
    Time arrival;
  };
  struct Matches {
    std::array<std::uint32_t, 4> through{};  ///< by the two senders: one goes to where the other comes from
    std::array<std::uint32_t, 4> apart{};    ///< by the two senders: hosts differ
    bool certain = false;
  };
  /// What one end of a call sends to another call as well.
  struct Fork {
    std::uint64_t other = 0;
    Side sender = Side::Caller;
    Side other_sender = Side::Caller;
    std::uint32_t matched = 0;
    std::uint32_t seen = 0;  ///< of its own since the first one that agreed
  };
  struct PairHash {
    std::size_t operator()(const Pair& pair) const noexcept { return hash_mix(pair.first, pair.second); }
  };

  void match(const Sample& sample, std::vector<Pair>& found);
  void match_fork(const Sample& sample, const Sample& other);
  Fork* fork_of(const Sample& sample, const Sample& other);
  void expire(Time now);

  std::deque<Sample> recent_;
  std::uint64_t first_ = 0;                                                ///< number of the one in front
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> by_hash_;  ///< numbers, ascending
  std::unordered_map<Pair, Matches, PairHash> pairs_;
  std::unordered_map<std::uint64_t, std::vector<Pair>> pairs_of_call_;
  std::unordered_map<std::uint64_t, std::vector<Fork>> forks_;  ///< by call, at most kMaxEqual
};

}  // namespace tapestry::calls
