#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "capture/datagram.h"
#include "core/counter.h"
#include "rtp/chunk.h"
#include "rtp/rtcp_view.h"

namespace tapestry::rtp {

/// The last that RTCP said of each stream. A stream is known by its SSRC and the two hosts, whatever port its RTCP has
/// (RFC 3550 §11, RFC 5761). Bounded: of kMaxStreams the half that was not heard of for longer is forgotten. One
/// thread.
class RtcpBook {
 public:
  static constexpr std::size_t kMaxStreams = 1U << 16U;

  /// Takes a datagram that looks like RTCP; false, and counted, when it is none.
  bool add(const capture::Datagram& datagram);
  /// Nothing when no receiver reported on the stream. Valid until the next add().
  [[nodiscard]] const RtcpView* find(const FlowKey& stream) const;
  [[nodiscard]] std::uint64_t unusable() const noexcept { return unusable_; }

 private:
  struct Key {
    std::uint32_t ssrc = 0;
    IpAddress source;
    IpAddress destination;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  /// A sender report as it passed.
  struct Passed {
    std::uint32_t ntp_middle = 0;  ///< 0: none
    Time at;
  };
  struct Entry {
    RtcpView view;
    std::array<Passed, 2> sent;  ///< the last, and the one before
  };
  using Entries = std::unordered_map<Key, Entry, KeyHash>;

  Entry& entry(const Key& key);

  Entries recent_;
  Entries older_;
  std::uint64_t unusable_ = 0;
};

}  // namespace tapestry::rtp
