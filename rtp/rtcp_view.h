#pragma once
#include <cstdint>
#include <optional>

#include "core/time.h"
#include "rtp/rtcp.h"

namespace tapestry::rtp {

/// What a stream's receiver said of it by RTCP, as it was heard last.
struct RtcpView {
  std::uint32_t reports = 0;  ///< reception reports seen; 0: `last` means nothing
  ReceptionReport last{};
  std::optional<Duration>
      round_trip{};  ///< from the capture point to the receiver and back (RFC 3550 §6.4.1, LSR and DLSR)
  std::optional<VoipMetrics> metrics{};
};

}  // namespace tapestry::rtp
