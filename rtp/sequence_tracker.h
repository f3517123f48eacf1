#pragma once
#include <array>
#include <cstdint>

#include "rtp/flow_stats.h"

namespace tapestry::rtp {

/// Extends 16-bit sequence numbers and keeps a flow's statistics. One thread.
class SequenceTracker {
 public:
  enum class Verdict : std::uint8_t {
    Fresh,      ///< in order, or late and not seen before
    Duplicate,  ///< this number was seen before
    Restart,    ///< the source began anew: 3,000 or more forward, or 128 or more back (RFC 3550 A.1, MAX_DROPOUT)
  };
  struct Placed {
    Verdict verdict = Verdict::Fresh;
    std::int64_t extended =
        0;  ///< grows over wrap-around: after 65535 comes 65536; a restart begins higher than all before
  };

  SequenceTracker() = default;
  /// Goes on with a flow whose statistics were these.
  explicit SequenceTracker(const FlowStats& stats) noexcept : stats_(stats) {}

  /// Takes the next packet in order of arrival.
  Placed add(std::uint16_t sequence, std::uint8_t payload_type, Time arrival, std::size_t payload_bytes) noexcept;
  /// The packet just added was cut short by the capture.
  void count_snapped() noexcept { ++stats_.snapped; }
  void set_rtcp(const RtcpView& view) noexcept { stats_.rtcp = view; }
  [[nodiscard]] const FlowStats& stats() const noexcept { return stats_; }

 private:
  Placed restart(std::uint16_t sequence) noexcept;
  Placed forward(std::int64_t step) noexcept;
  Placed backward(std::int64_t back) noexcept;

  FlowStats stats_;
};

}  // namespace tapestry::rtp
