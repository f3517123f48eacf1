#pragma once
#include <cstdint>
#include <vector>

#include "mux/packet_list.h"
#include "mux/stream_quality.h"

namespace tapestry::mux {

/// Of the receiver that decides what is `discarded`: it plays each packet kJitterBuffer after the time at which the
/// least delayed packet so far would have been there. The reference follows a slow clock (kClockError), and begins anew
/// after kResync of packets that all came too late, and where timestamp and arrival part by kJump.
constexpr Duration kResync = std::chrono::milliseconds(500);
constexpr Duration kJump = std::chrono::seconds(1);
constexpr double kClockError = 600e-6;

/// Which losses are bursts. One pass; add() in order of sequence.
class BurstMeter {
 public:
  void received(std::uint64_t packets = 1) noexcept;
  void lost(std::uint64_t packets = 1) noexcept;
  /// The stream is taken to be surrounded by packets that were received.
  [[nodiscard]] Bursts finish() noexcept;

 private:
  void close() noexcept;

  Bursts bursts_;
  std::uint64_t good_ = kGmin;  ///< received since the last loss; before the first, enough
  std::uint64_t length_ = 0;    ///< of the losses and what is between them that may be a burst
  std::uint64_t within_ = 0;    ///< losses in it
  std::uint64_t burst_length_ = 0;
  std::uint64_t burst_losses_ = 0;
};

/// Figures of those of a voice's packets that arrived in `windows`; duplicates and strays count as duplicates only.
/// `packets` and `order` are order_packets()'s. Linear; packets of events and comfort noise (whose timestamps stand
/// still) count for loss alone. Fills in everything but flow, channel and rtcp.
StreamQuality measure_quality(const std::vector<PacketInfo>& packets, const std::vector<std::uint32_t>& order,
                              const PayloadMap& payloads, const std::vector<ArrivalRange>& windows,
                              const PacketCounts& counts);

}  // namespace tapestry::mux
