#pragma once
#include <optional>

#include "capture/datagram.h"

namespace tapestry::capture {

/// How far a HEP agent's clock may be from the capture's for its time to be taken: what batching takes. Farther, and
/// SIP would no longer fit media that comes another way.
inline constexpr Duration kHepClockTolerance = std::chrono::milliseconds(500);

/// Whether the payload begins like a HEP3 packet.
[[nodiscard]] bool looks_like_hep(Bytes payload) noexcept;

/// What a HEP3 packet (Homer Encapsulation Protocol 3, over UDP) carries: a SIP message or an RTP or RTCP packet, with
/// the addresses that it had where the agent saw it, and the agent's time where that is within kHepClockTolerance of
/// the outer datagram's. The view lies in `outer`'s payload. Nothing when the packet is malformed, its payload is
/// compressed or of another kind.
[[nodiscard]] std::optional<Datagram> parse_hep(const Datagram& outer) noexcept;

}  // namespace tapestry::capture
