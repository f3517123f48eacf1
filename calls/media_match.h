#pragma once
#include <cstdint>
#include <optional>

#include "calls/call.h"

namespace tapestry::calls {

/// How well a flow fits a call, and whose it is.
struct MediaMatch {
  Side sender = Side::Caller;
  std::size_t claim = 0;  ///< index of the claim that decided: the receiver's when it matched, else the sender's
  std::size_t hop = 0;
  bool source = false;       ///< the sender's SDP names the flow's source
  bool destination = false;  ///< the receiver's SDP names the flow's destination
  bool known_host = false;   ///< the end that did not match is at least a host of the right side
  int score = 0;
};

/// Matches a flow against a call's claims. The destination weighs most: media goes where the receiver's SDP says, while
/// its source may be another address (NAT, or a phone that sends from another port). Nothing when neither end is named.
std::optional<MediaMatch> match_media(const Call& call, const rtp::FlowKey& flow);

}  // namespace tapestry::calls
