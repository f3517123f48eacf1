#include "calls/closeness.h"

#include <algorithm>

#include "calls/identity.h"

namespace tapestry::calls {
namespace {

constexpr Duration kNextInvite = std::chrono::seconds(5);
constexpr Duration kTogether = std::chrono::milliseconds(1500);
constexpr Duration kShortestMix = std::chrono::seconds(2);
/// A phone holds and dials at one press of a key; which request is first is chance.
constexpr Duration kHoldSlack = std::chrono::seconds(2);

struct Stretch {
  Time from;
  Time to;
};

void add_identity(std::vector<std::string>& list, const std::string& uri) {
  std::string identity = identity_of(uri);
  if (!identity.empty()) (void)add_once(list, identity, kMaxUris);
}

std::vector<std::string> callers_told(const Call& call) {
  std::vector<std::string> list;
  for (const std::string& uri : call.sides[0].uris) add_identity(list, uri);
  return list;
}

std::vector<std::string> called_told(const Call& call) {
  std::vector<std::string> list;
  for (const Invite& invite : call.invites) add_identity(list, invite.request_uri);
  if (!call.sides[1].uris.empty()) add_identity(list, call.sides[1].uris.front());
  return list;
}

bool share(const std::vector<std::string>& one, const std::vector<std::string>& another) {
  return std::ranges::find_first_of(one, another) != one.end();
}

bool together(const std::optional<Time>& one, const std::optional<Time>& another) {
  return one && another && std::max(*one, *another) - std::min(*one, *another) <= kTogether;
}

std::optional<Time> answer_of(const Call& call) {
  const Branch* branch = call.answered_branch();
  return branch == nullptr ? std::nullopt : branch->answered;
}

std::optional<Time> end_of(const Call& call) {
  const Branch* branch = call.answered_branch();
  if (branch != nullptr) return branch->ended;
  return call.final_status != 0 || call.cancelled ? std::optional(call.last_seen) : std::nullopt;
}

/// When the call was up and `side` did not hold it.
std::vector<Stretch> talk_of(const Call& call, Side side) {
  const auto answered = answer_of(call);
  if (!answered) return {};
  const Spells& state = call.holds[index_of(side)];
  const Time end = end_of(call).value_or(call.last_media.value_or(call.last_seen));
  std::vector<Stretch> talk;
  Time from = *answered;
  for (const auto& [held, resumed] : state.past) {
    if (from < held) talk.push_back({from, held});
    from = std::max(from, resumed);
  }
  const Time to = state.on ? std::min(state.since, end) : end;
  if (from < to) talk.push_back({from, to});
  return talk;
}

/// Whether audio of `sender` was there between the times.
bool heard(const Call& call, Side sender, const Stretch& stretch) {
  return std::ranges::any_of(call.tracks, [&](const OpenTrack& open) {
    const rtp::FlowStats& stats = open.track.stats;
    return open.track.media == "audio" && open.track.sender == sender && stats.first <= stretch.to - kShortestMix &&
           stats.last >= stretch.from + kShortestMix;
  });
}

/// A phone has a port for each call; a server may have one for all.
bool share_port(const Call& one, Side at_one, const Call& another, Side at_another) {
  return std::ranges::any_of(one.claims, [&](const MediaClaim& claim) {
    return claim.side == at_one && std::ranges::any_of(another.claims, [&](const MediaClaim& other) {
             return other.side == at_another && other.endpoint == claim.endpoint;
           });
  });
}

/// RFC 5771, RFC 4291 §2.7.
bool is_multicast(const IpAddress& ip) { return Cidr::parse(ip.is_v4() ? "224.0.0.0/4" : "ff00::/8")->contains(ip); }

bool share_group(const Call& one, const Call& another) {
  return std::ranges::any_of(one.claims, [&](const MediaClaim& claim) {
    return is_multicast(claim.endpoint.ip) &&
           std::ranges::find(another.claims, claim.endpoint, &MediaClaim::endpoint) != another.claims.end();
  });
}

bool both_ways(const Call& call, const Stretch& stretch) {
  return heard(call, Side::Caller, stretch) && heard(call, Side::Callee, stretch);
}

}  // namespace

std::vector<std::string> identities_told(const Call& call) {
  std::vector<std::string> list = callers_told(call);
  for (const std::string& called : called_told(call)) (void)add_once(list, called, 2 * kMaxUris);
  return list;
}

int closeness(const Call& first, const Call& second) {
  const Duration later = second.first_seen - first.first_seen;
  const IpAddress host = callee_host(first);
  if (later < Duration(0) || later > kNextInvite || host != caller_host(second)) return 0;
  if (host == caller_host(first) || host == callee_host(second)) return 0;
  int score = 50;
  if (share(callers_told(first), callers_told(second))) score += 10;
  if (share(called_told(first), called_told(second))) score += 10;
  const auto answer = answer_of(first);
  const bool failed_alike = !answer && !answer_of(second) && first.final_status == second.final_status &&
                            first.cancelled.has_value() == second.cancelled.has_value();
  if (together(answer, answer_of(second)) || failed_alike) score += 10;
  if (together(end_of(first), end_of(second))) score += 10;
  return score;
}

bool is_phone(const Standing& standing) noexcept {
  switch (standing.party.role) {
    case Role::Agent:
    case Role::Supervisor:
    case Role::Sme:
      return true;
    case Role::Unknown:
      return standing.internal && !standing.no_party;
    default:
      return false;
  }
}

bool is_conference(const Call& call, const Standing& focus) noexcept {
  if (call.focus.empty()) return false;
  return !is_phone(focus) || (focus.party.role == Role::Unknown && call.focus_at_once);
}

bool is_mixed(const Call& one, Side at_one, const Call& another, Side at_another) {
  if (share_port(one, at_one, another, at_another)) return false;
  for (const Stretch& mine : talk_of(one, at_one)) {
    for (const Stretch& other : talk_of(another, at_another)) {
      const Stretch both{std::max(mine.from, other.from), std::min(mine.to, other.to)};
      if (both.to - both.from >= kShortestMix && both_ways(one, both) && both_ways(another, both)) return true;
    }
  }
  return false;
}

bool is_page(const Call& one, Side at_one, const Call& another, Side at_another, bool forked) {
  if (one.listener != other(at_one) || another.listener != other(at_another)) return false;
  if (!forked && !share_group(one, another)) return false;
  for (const Stretch& mine : talk_of(one, at_one)) {
    for (const Stretch& other : talk_of(another, at_another)) {
      if (std::max(mine.from, other.from) < std::min(mine.to, other.to)) return true;
    }
  }
  return false;
}

bool is_consultation(const Call& held, Side at_held, const Call& call, Side at_call) {
  if (at_call != Side::Caller || !answer_of(held)) return false;
  const Spells& state = held.holds[index_of(at_held)];
  const auto covers = [&call](Time from, Time to) {
    return from - kHoldSlack <= call.first_seen && call.first_seen <= to;
  };
  if (state.on && covers(state.since, end_of(held).value_or(Time::max()))) return true;
  return std::ranges::any_of(state.past, [&](const auto& span) { return covers(span.first, span.second); });
}

}  // namespace tapestry::calls
