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

/// A stretch in which a party was held or muted.
struct State {
  std::size_t party = 0;
  EventKind kind = EventKind::Hold;
  Window when;
  bool ends = false;  ///< before the leg did
};

EventKind opposite(EventKind kind) { return kind == EventKind::Hold ? EventKind::Unhold : EventKind::Unmute; }

/// Adds it unless the same is known of that time: several tell of one thing, the first of them the most exactly.
void add_state(const State& state, std::vector<State>& states) {
  const bool known = std::ranges::any_of(states, [&state](const State& have) {
    const Window both = common(have.when, state.when);
    return have.party == state.party && have.kind == state.kind && both.start < both.end;
  });
  if (!known) states.push_back(state);
}

void add_holds(const std::vector<Leg>& legs, const OwnLeg& own, std::size_t agent, std::vector<State>& states) {
  const Leg& leg = legs[own.leg];
  const Window& window = leg.answer->window;
  for (const Window& hold : holds_of(*leg.call, own.side, window)) {
    for (const Presence& one : behind(legs, own.leg, other(own.side))) {
      if (one.party != agent && one.when.start <= hold.start && hold.start < one.when.end)
        add_state({one.party, EventKind::Hold, hold, hold.end < window.end}, states);
    }
  }
  for (const Window& hold : holds_of(*leg.call, other(own.side), window))
    add_state({agent, EventKind::Hold, hold, hold.end < window.end}, states);
}

/// The one who is behind the end then; kNoParty when nobody is, or several are.
std::size_t only_one(const std::vector<Leg>& legs, std::size_t leg, Side side, Time time) {
  std::size_t found = kNoParty;
  for (const Presence& one : behind(legs, leg, side)) {
    if (time < one.when.start || time >= one.when.end) continue;
    if (found != kNoParty) return kNoParty;
    found = one.party;
  }
  return found;
}

void add_mutes(const std::vector<Leg>& legs, const OwnLeg& own, std::vector<State>& states) {
  const Leg& leg = legs[own.leg];
  const Window& window = leg.answer->window;
  for (const Side side : {own.side, other(own.side)}) {
    for (const auto* mutes : {&leg.call->mutes, &leg.call->mute_infos}) {
      for (const Window& mute : (*mutes)[index_of(side)].inside(window)) {
        const std::size_t party = only_one(legs, own.leg, side, mute.start);
        if (party != kNoParty) add_state({party, EventKind::Mute, mute, mute.end < window.end}, states);
      }
    }
  }
}

/// What the focus told, of those who were there.
void add_told(const Leg& leg, const std::vector<Presence>& present, std::vector<State>& states) {
  for (const ToldState& told : leg.told) {
    for (const Presence& one : present) {
      if (one.party != told.party) continue;
      const Window there = common(one.when, leg.answer->window);
      const Window when = common(there, told.when);
      if (when.start < when.end) add_state({one.party, told.kind, when, when.end < there.end}, states);
    }
  }
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
  std::vector<State> states;
  for (const OwnLeg& one : own) {
    add_holds(legs, one, agent, states);
    add_mutes(legs, one, states);
  }
  for (const OwnLeg& one : own) add_told(legs[one.leg], present, states);
  for (const State& state : states) {
    events.push_back({state.party, state.when.start, state.kind});
    if (state.ends) events.push_back({state.party, state.when.end, opposite(state.kind)});
  }
  std::ranges::sort(events, {}, [](const PartyEvent& e) { return std::tuple(e.time, rank(e.kind), e.kind, e.party); });
  return events;
}

}  // namespace tapestry::calls
