#include "calls/media_match.h"

namespace tapestry::calls {
namespace {

constexpr int kDestinationScore = 8;
constexpr int kSourceScore = 6;
constexpr int kHostScore = 3;

bool knows_host(const Call& call, Side side, const IpAddress& ip) {
  for (const MediaClaim& claim : call.claims) {
    if (claim.side == side && claim.endpoint.ip == ip) return true;
  }
  for (const Hop& hop : call.hops) {
    if (hop.source.ip == ip || hop.destination.ip == ip) return true;
  }
  return false;
}

/// The best claim of `side` on `endpoint`: its own m-line before an ICE candidate.
std::optional<std::size_t> find_claim(const Call& call, Side side, const Endpoint& endpoint) {
  std::optional<std::size_t> found;
  for (std::size_t n = 0; n < call.claims.size(); ++n) {
    const MediaClaim& claim = call.claims[n];
    if (claim.side != side || claim.endpoint != endpoint) continue;
    if (!claim.candidate) return n;
    if (!found) found = n;
  }
  return found;
}

}  // namespace

std::optional<MediaMatch> match_media(const Call& call, const rtp::FlowKey& flow) {
  std::optional<MediaMatch> best;
  for (const Side sender : {Side::Caller, Side::Callee}) {
    const auto source = find_claim(call, sender, flow.source);
    const auto destination = find_claim(call, other(sender), flow.destination);
    if (!source && !destination) continue;
    MediaMatch match;
    match.sender = sender;
    match.source = source.has_value();
    match.destination = destination.has_value();
    match.claim = destination.value_or(source.value_or(0));
    match.hop = call.claims[source.value_or(match.claim)].hop;
    match.score = (source ? kSourceScore : 0) + (destination ? kDestinationScore : 0);
    if (!source) match.known_host = knows_host(call, sender, flow.source.ip);
    if (!destination) match.known_host = knows_host(call, other(sender), flow.destination.ip);
    if (match.known_host) match.score += kHostScore;
    if (!best || match.score > best->score) best = match;
  }
  return best;
}

}  // namespace tapestry::calls
