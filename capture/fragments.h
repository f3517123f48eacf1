#pragma once
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "capture/decoder.h"
#include "capture/frame_end.h"
#include "capture/ip.h"

namespace tapestry::capture {

/// Counts of fragments unless the name says otherwise; seen = used + duplicate + dropped + those that still wait.
struct FragmentTally {
  std::uint64_t seen = 0;
  std::uint64_t used = 0;       ///< became part of a whole packet
  std::uint64_t duplicate = 0;  ///< brought nothing new
  std::uint64_t dropped = 0;
  std::uint64_t packets = 0;       ///< put together
  std::uint64_t sets_expired = 0;  ///< packets given up: too old
  std::uint64_t sets_evicted = 0;  ///< packets given up: a bound was reached
  std::uint64_t sets_left = 0;     ///< packets still incomplete at the end
  FrameTally frames{};             ///< ends of fragments that did not become a packet
};

/// As the decoder's counters, without `frames`.
void append(Counters& out, const FragmentTally& tally);

/// Puts fragments of IPv4 (RFC 791, RFC 815) and IPv6 (RFC 8200 §4.5) together. Where fragments overlap, the first
/// wins.
class Fragments {
 public:
  explicit Fragments(const DecoderLimits& limits) : limits_(limits) {}

  /// Takes one fragment. True when its packet is whole now: `packet` is then that one, its payload valid until the next
  /// call, its frames those of all fragments.
  bool add(Time now, IpPacket& packet);
  /// Counts a fragment that a mirror showed again; it is not looked at.
  void add_copy(const IpPacket& packet) noexcept {
    ++tally_.seen;
    ++tally_.duplicate;
    tally_.frames.add(FrameEnd::FragmentCopy, packet.frames);
  }
  /// Gives up what is incomplete.
  void finish();
  [[nodiscard]] const FragmentTally& tally() const noexcept { return tally_; }

 private:
  struct Key {
    IpAddress source;
    IpAddress destination;
    std::uint32_t identification = 0;
    std::uint8_t protocol = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Set {
    Key key;
    Time began;
    std::vector<std::uint8_t> bytes;
    std::vector<bool> have;  ///< one per 8 bytes
    std::size_t units = 0;   ///< how many of `have`
    std::optional<std::size_t> total;
    std::uint8_t protocol = 0;
    std::uint64_t count = 0;
    std::uint64_t frames = 0;
  };
  using Sets = std::list<Set>;

  void expire(Time now);
  Sets::iterator find_or_begin(Time now, const IpPacket& packet);
  static bool fits(const Set& set, const IpPacket& packet) noexcept;
  std::size_t copy(Set& set, const IpPacket& packet);
  void take_whole(Sets::iterator set, IpPacket& packet);
  void refuse(const IpPacket& packet) noexcept;
  void give_up(Sets::iterator set, std::uint64_t& reason, FrameEnd end);
  void evict(Sets::iterator set) { give_up(set, tally_.sets_evicted, FrameEnd::DroppedFragment); }
  void erase(Sets::iterator set);

  DecoderLimits limits_;
  FragmentTally tally_;
  Sets sets_;  ///< oldest first
  std::unordered_map<Key, Sets::iterator, KeyHash> by_key_;
  std::size_t held_bytes_ = 0;
  std::vector<std::uint8_t> whole_;
};

}  // namespace tapestry::capture
