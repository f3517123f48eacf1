#pragma once
#include <cstdint>
#include <deque>
#include <unordered_set>

#include "capture/datagram.h"
#include "capture/ip.h"

namespace tapestry::capture {

/// Knows datagrams and fragments that a mirror showed twice: on two VLANs, before and after a router, bare and in a
/// tunnel. Such copies have the same addresses and payload, whatever is around them (MAC, tags, TTL, checksums), and
/// come within kWindow; SIP itself repeats a message no sooner than T1 = 500 ms (RFC 3261 §17.1.1.1). Not for RTP,
/// whose copies its sequence numbers tell, and which may repeat by design.
class MirrorCopies {
 public:
  static constexpr Duration kWindow = std::chrono::milliseconds(200);
  static constexpr std::size_t kMost = 8192;  ///< remembered; more within kWindow: the oldest is forgotten

  /// Whether the same was seen within kWindow before. In order of capture.
  bool seen(Time time, const Datagram& datagram);
  /// The same for a fragment: its copies, left behind when its packet is whole, would spoil a later packet with the
  /// same identification.
  bool seen(Time time, const IpPacket& fragment);
  /// Datagrams and fragments that were forgotten before their time.
  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }

 private:
  struct Entry {
    Time time;
    std::uint64_t hash;
  };
  bool seen(Time time, std::uint64_t hash);
  void forget_oldest();

  std::deque<Entry> recent_;  ///< oldest first
  std::unordered_set<std::uint64_t> hashes_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace tapestry::capture
