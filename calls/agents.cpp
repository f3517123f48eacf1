#include "calls/agents.h"

#include <algorithm>
#include <array>
#include <utility>

#include "calls/people.h"

namespace tapestry::calls {
namespace {

constexpr std::array kSides{Side::Caller, Side::Callee};

/// A page: the other end is only agents, and never lets this one speak. The pager's recording is the page's.
bool is_paged(const std::vector<Leg>& legs, const std::vector<Party>& parties, const OwnLeg& one) {
  if (legs[one.leg].call->listener != one.side) return false;
  const auto pagers = behind(legs, one.leg, other(one.side));
  return !pagers.empty() && std::ranges::all_of(pagers, [&](const Presence& presence) {
    return parties[presence.party].role == Role::Agent;
  });
}

}  // namespace

std::vector<std::size_t> agents_of(const std::vector<Leg>& legs, const std::vector<Party>& parties) {
  std::vector<std::size_t> agents;
  std::size_t fallback = kNoParty;
  for (std::size_t n = 0; n < legs.size(); ++n) {
    const Leg& leg = legs[n];
    if (!leg.answer) continue;
    // The callee's first: of two agents who speak with each other it is who was called.
    for (const Side side : {Side::Callee, Side::Caller}) {
      const std::size_t party = leg.party[index_of(side)];
      if (party == kNoParty || is_paged(legs, parties, {n, side})) continue;
      if (parties[party].role == Role::Agent) (void)add_once(agents, party, parties.size());
      const bool customer = parties[party].role == Role::Customer;
      if (fallback == kNoParty && (!customer || side == Side::Caller)) fallback = party;
    }
  }
  if (agents.empty() && fallback != kNoParty) agents.push_back(fallback);
  return agents;
}

std::vector<std::vector<OwnLeg>> calls_of(const std::vector<Leg>& legs, std::size_t party, Duration rejoin_gap) {
  std::vector<OwnLeg> own;
  for (std::size_t n = 0; n < legs.size(); ++n) {
    for (const Side side : kSides) {
      if (legs[n].answer && legs[n].party[index_of(side)] == party) own.push_back({n, side});
    }
  }
  const auto window = [&legs](const OwnLeg& one) { return legs[one.leg].answer->window; };
  std::ranges::sort(own, {}, [&](const OwnLeg& one) { return std::pair(window(one).start, one.leg); });
  std::vector<std::vector<OwnLeg>> groups;
  Time until{};
  for (const OwnLeg& one : own) {
    if (groups.empty() || window(one).start > until + rejoin_gap) groups.emplace_back();
    groups.back().push_back(one);
    until = groups.back().size() == 1 ? window(one).end : std::max(until, window(one).end);
  }
  return groups;
}

}  // namespace tapestry::calls
