#include "calls/history.h"

#include <algorithm>
#include <tuple>

namespace tapestry::calls {
namespace {

int rank(EventKind kind) {
  switch (kind) {
    case EventKind::Drop:
      return 2;
    case EventKind::Join:
      return 0;
    default:
      return 1;
  }
}

void add_holds(const std::vector<Leg>& legs, const OwnLeg& own, std::size_t agent, std::vector<PartyEvent>& events) {
  const Leg& leg = legs[own.leg];
  const Window& window = leg.answer->window;
  const auto add = [&](std::size_t held, const Window& hold) {
    events.push_back({held, hold.start, EventKind::Hold});
    if (hold.end < window.end) events.push_back({held, hold.end, EventKind::Unhold});
  };
  for (const Window& hold : holds_of(*leg.call, own.side, window)) {
    for (const Presence& one : behind(legs, own.leg, other(own.side))) {
      if (one.party != agent && one.when.start <= hold.start && hold.start < one.when.end) add(one.party, hold);
    }
  }
  for (const Window& hold : holds_of(*leg.call, other(own.side), window)) add(agent, hold);
}

}  // namespace

std::vector<Presence> others_in(const std::vector<Leg>& legs, const std::vector<OwnLeg>& own, std::size_t agent) {
  std::vector<Presence> list;
  for (const OwnLeg& one : own) {
    for (const Presence& presence : behind(legs, one.leg, other(one.side))) {
      if (presence.party != agent) list.push_back(presence);
    }
  }
  list = joined(std::move(list));
  std::ranges::sort(list, {}, [](const Presence& one) { return std::pair(one.when.start, one.party); });
  return list;
}

std::vector<PartyEvent> history_of(const std::vector<Leg>& legs, const std::vector<OwnLeg>& own, std::size_t agent,
                                   const std::vector<Presence>& others) {
  std::vector<PartyEvent> events;
  std::vector<Presence> present = others;
  std::vector<Presence> mine;
  for (const OwnLeg& one : own) mine.push_back({agent, legs[one.leg].answer->window});
  for (const Presence& one : joined(std::move(mine))) present.push_back(one);
  for (const Presence& one : present) {
    events.push_back({one.party, one.when.start, EventKind::Join});
    events.push_back({one.party, one.when.end, EventKind::Drop});
  }
  for (const OwnLeg& one : own) add_holds(legs, one, agent, events);
  std::ranges::sort(events, {}, [](const PartyEvent& e) { return std::tuple(e.time, rank(e.kind), e.kind, e.party); });
  return events;
}

}  // namespace tapestry::calls
