#pragma once
#include "tests/support/scenes/flows.h"

/// A back-to-back user agent between two dialogs.
namespace tapestry::scenes {

struct Bridge {
  Leg outer;  ///< the customer's
  Leg inner;  ///< the agent's
};

/// What the B2BUA does with media.
enum class Relay {
  Direct,    ///< hands on each end's session description: media does not pass it
  SameSsrc,  ///< sends packets on as they are
  NewSsrc,   ///< sends payloads on under an SSRC and sequence numbers of its own
  Recoded    ///< decodes and encodes again, 13 ms later: no payload is as it was
};

/// A customer's call to the PBX, and the PBX's call to an agent under the name of `inner_caller`.
Bridge bridge(Script& script, const Peer& customer, const Peer& agent, const Peer& inner_caller);
/// Sets up both dialogs; the inner INVITE comes 0.1 s after the outer one. The time from which media flows, 1.2 s
/// later.
double connect(Script& script, double at, Bridge& bridge, Relay relay, const Setup& outer = {},
               const Setup& inner = {});
/// Media of both ends, and of the relay in between.
void talk(Script& script, double from, double to, const Bridge& bridge, Relay relay);
/// The customer hangs up; the PBX does so 50 ms later.
void bye(Script& script, double at, Bridge& bridge);

}  // namespace tapestry::scenes
