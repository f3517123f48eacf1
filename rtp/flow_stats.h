#pragma once
#include <array>
#include <cstdint>

#include "core/time.h"
#include "rtp/rtcp_view.h"

namespace tapestry::rtp {

/// Where a SequenceTracker is, for one that goes on with a flow.
struct SequenceState {
  std::int64_t highest = -1;            ///< extended; below zero before the first packet
  std::int64_t run_first = 0;           ///< extended, of what came since the last restart
  std::uint64_t expected_before = 0;    ///< of the runs before it
  std::array<std::uint64_t, 2> seen{};  ///< bit n of the 128: highest - n was seen
};

/// What the sequence numbers of a flow (or of a part of it) tell. Plain numbers; RFC 3550 §6.4.1 and appendix A.3.
struct FlowStats {
  std::uint64_t packets = 0;     ///< seen, duplicates left out
  std::uint64_t duplicates = 0;  ///< the same sequence number again, within 128 of the highest
  std::uint64_t reordered = 0;   ///< came after one with a higher sequence number
  std::uint64_t expected = 0;    ///< by first and highest sequence numbers, restarts counted as new beginnings
  std::uint64_t restarts = 0;    ///< jumps of the sequence numbers that no loss explains
  std::uint64_t snapped = 0;     ///< payloads that the capture cut short
  std::uint64_t bytes = 0;       ///< payload bytes, duplicates left out
  std::array<std::uint64_t, 2> payload_types{};  ///< bit n of the 128: a packet of payload type n came
  Time first{};
  Time last{};
  SequenceState sequence{};
  RtcpView rtcp{};  ///< the receiver's own view, as far as it was seen

  [[nodiscard]] bool has_type(std::uint8_t type) const noexcept {
    return (payload_types[(type & 127U) / 64] >> (type % 64U) & 1U) != 0;
  }
  [[nodiscard]] std::uint64_t lost() const noexcept { return expected > packets ? expected - packets : 0; }
};

}  // namespace tapestry::rtp
