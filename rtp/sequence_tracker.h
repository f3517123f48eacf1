#pragma once
#include <array>
#include <cstdint>

#include "rtp/flow_stats.h"

namespace tapestry::rtp {

/// Extends 16-bit sequence numbers and keeps a flow's statistics. One thread.
class SequenceTracker {
 public:
  enum class Verdict { Fresh, Duplicate, Restart };
  struct Placed {
    Verdict verdict = Verdict::Fresh;
    std::int64_t extended = 0;  ///< monotone across wrap-around: 65535 then 0 is 65535 then 65536
  };
  /// Takes the next packet in arrival order. A jump of 3,000 or more forward, or 128 or more back, is a restart of the source
  /// (MAX_DROPOUT, RFC 3550 A.1) from the second packet in a row that follows it; the first such packet is kept, too.
  Placed add(std::uint16_t sequence, Time arrival, std::size_t payload_bytes) noexcept;
  [[nodiscard]] const FlowStats& stats() const noexcept { return stats_; }

 private:
  FlowStats stats_;
  std::int64_t highest_ = -1;
  std::int64_t base_expected_ = 0;              ///< expected of the runs before the last restart
  std::int64_t run_first_ = 0;
  std::array<std::uint64_t, 2> seen_{};         ///< bit n: highest_ - n was seen
};

}  // namespace tapestry::rtp
