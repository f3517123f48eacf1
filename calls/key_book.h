#pragma once
#include <list>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "calls/srtp_keys.h"
#include "core/address.h"

namespace tapestry::calls {

/// SRTP keys that two ends agreed on beside SDP (DTLS-SRTP), by the way that the media takes. They may come before the
/// media, or after it. Bounded: the ways whose last handshake is longest ago go. Correlator's thread only.
class KeyBook {
 public:
  static constexpr std::size_t kMaxWays = 16'384;  ///< two for each handshake
  static constexpr std::size_t kMaxKeys = 8;       ///< of one way, the last ones
  static constexpr std::size_t kMaxNear = 8;       ///< ways of one end that are looked at

  explicit KeyBook(std::size_t max_ways = kMaxWays) : max_ways_(max_ways) {}

  /// `key` is what `source` protects media to `destination` with.
  void add(const Endpoint& source, const Endpoint& destination, SrtpKey key);
  /// Appends the keys of that way.
  void find(const Endpoint& source, const Endpoint& destination, std::vector<SrtpKey>& keys) const;
  /// Appends what the last kMaxNear ways from, or to, an endpoint have of keys that were agreed on at `since` or later:
  /// candidates for media that takes another way to its other end.
  void find_from(const Endpoint& source, Time since, std::vector<SrtpKey>& keys) const;
  void find_to(const Endpoint& destination, Time since, std::vector<SrtpKey>& keys) const;
  /// Ways that went because of the bound.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  struct Way {
    Endpoint source;
    Endpoint destination;
    friend bool operator==(const Way&, const Way&) = default;
  };
  struct WayHash {
    std::size_t operator()(const Way& way) const noexcept;
  };

  struct Known {
    Way way;
    std::uint64_t number = 0;  ///< of the ways so far
    std::vector<SrtpKey> keys;
  };
  using All = std::list<Known>;
  /// Ways by one of their ends, then by number.
  using Near = std::map<std::pair<Endpoint, std::uint64_t>, All::iterator>;
  static void find_near(const Near& ways, const Endpoint& end, Time since, std::vector<SrtpKey>& keys);

  std::size_t max_ways_;
  All all_;  ///< that got a key longest ago first
  std::unordered_map<Way, All::iterator, WayHash> by_way_;
  Near from_;
  Near to_;
  std::uint64_t added_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace tapestry::calls
