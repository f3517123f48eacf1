#include "calls/people.h"

#include <algorithm>
#include <optional>

#include "calls/closeness.h"
#include "calls/identity.h"

namespace tapestry::calls {
namespace {

constexpr std::array kSides{Side::Caller, Side::Callee};

/// Window of an answered leg, else of its messages.
Window window_of(const Leg& leg) {
  return leg.answer ? leg.answer->window
                    : Window{leg.call->first_seen, std::max(leg.call->first_seen, leg.call->last_seen)};
}

bool overlap(const Leg& one, const Leg& another) {
  const Window a{one.call->first_seen, window_of(one).end};
  const Window b{another.call->first_seen, window_of(another).end};
  return a.start <= b.end && b.start <= a.end;
}

/// Evidence that one host connects the two, not a person who asked for another call. Of a host that placed both only
/// their media tells.
bool connects(const Leg& one, const Leg& another, bool placed_both, const std::vector<Link>& links) {
  return std::ranges::any_of(links, [&](const Link& link) {
    const bool same = link.call_id == one.call->call_id && link.other_call_id == another.call->call_id;
    const bool swapped = link.other_call_id == one.call->call_id && link.call_id == another.call->call_id;
    if (!same && !swapped) return false;
    switch (link.kind) {
      case LinkKind::SharedMedia:
      case LinkKind::RelayedMedia:
        return true;
      case LinkKind::Key:
      case LinkKind::CallId:
        return !placed_both;
      case LinkKind::Proximity:
        return link.joined && !placed_both;
      default:
        return false;
    }
  });
}

std::string identity(const Leg& leg, Side side) { return identity_of(leg.standing[index_of(side)].party.uri); }

/// A rule may know an end by its media, which a host hands on as it is: the phone itself has its media where it
/// signals.
bool is_person(const Leg& leg, Side side) {
  const Role role = leg.standing[index_of(side)].party.role;
  if (role != Role::Agent && role != Role::Supervisor && role != Role::Sme) return false;
  const IpAddress host = host_of(*leg.call, side);
  bool named = false;
  for (const MediaClaim& claim : leg.call->claims) {
    if (claim.side != side || claim.candidate) continue;
    if (claim.endpoint.ip == host) return true;
    named = true;
  }
  return !named;
}

/// Ends of two legs on one host that is no person's: the host was called and called on, or called both itself.
bool bridges(const Leg& earlier, Side at_earlier, const Leg& later, Side at_later, const std::vector<Link>& links) {
  if (at_later != Side::Caller || is_person(earlier, at_earlier) || is_person(later, at_later)) return false;
  if (host_of(*earlier.call, at_earlier) != host_of(*later.call, at_later)) return false;
  const std::string one = identity(earlier, at_earlier);
  if (!one.empty() && one == identity(later, at_later)) return false;
  return overlap(earlier, later) && connects(earlier, later, at_earlier == Side::Caller, links);
}

void find_bridges(std::vector<Leg>& legs, const std::vector<Link>& links) {
  for (std::size_t b = 0; b < legs.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      for (const Side side : kSides) {
        if (!bridges(legs[a], side, legs[b], Side::Caller, links)) continue;
        legs[a].bridged[index_of(side)].push_back(b);
        legs[b].bridged[0].push_back(a);
      }
    }
  }
}

/// A conference: it says so, or several call it at one time under one name and it is nobody's phone.
void find_mixers(std::vector<Leg>& legs) {
  for (std::size_t n = 0; n < legs.size(); ++n) {
    Leg& leg = legs[n];
    if (!leg.call->focus.empty()) leg.mixer[1] = true;
    if (is_phone(leg.standing[1]) || leg.standing[1].party.role != Role::Unknown || !leg.answer) continue;
    for (std::size_t m = 0; m < n; ++m) {
      Leg& other = legs[m];
      const bool same = other.answer && identity(leg, Side::Callee) == identity(other, Side::Callee) &&
                        callee_host(*leg.call) == callee_host(*other.call);
      if (same && overlap(leg, other) && leg.bridged[1].empty() && other.bridged[1].empty())
        leg.mixer[1] = other.mixer[1] = true;
    }
  }
}

bool was_replaced(const std::vector<Leg>& legs, const Leg& leg) {
  if (leg.answer) return false;
  if (leg.call->completed_elsewhere) return true;
  return std::ranges::any_of(legs, [&](const Leg& another) {
    if (another.call == leg.call || !another.answer) return false;
    const bool replaces = std::ranges::any_of(another.call->references, [&](const Reference& reference) {
      return reference.kind == LinkKind::Replaces && reference.dialog.call_id == leg.call->call_id;
    });
    const bool sibling = !leg.bridged[0].empty() && !another.bridged[0].empty() &&
                         caller_host(*another.call) == caller_host(*leg.call) && leg.call->cancelled;
    return replaces || sibling;
  });
}

bool is_host(const Leg& leg, Side side) { return leg.mixer[index_of(side)] || !leg.bridged[index_of(side)].empty(); }

/// What tells two ends apart: configured uuid, number or name, else the host.
std::string key_of(const Leg& leg, Side side) {
  const Party& party = leg.standing[index_of(side)].party;
  if (!party.uuid.empty()) return "uuid " + party.uuid;
  const std::string name = identity(leg, side);
  return name.empty() ? "host " + host_of(*leg.call, side).to_string() + " " + party.uri : name;
}

/// Parties under construction.
struct Register {
  std::vector<Party> parties;
  std::vector<std::string> keys;
  std::vector<bool> internal;

  std::size_t add(const Leg& leg, Side side) {
    const Standing& standing = leg.standing[index_of(side)];
    const std::string key = key_of(leg, side);
    // Both ends of one call are two, whatever they are called.
    const std::size_t peer = leg.party[index_of(other(side))];
    for (std::size_t n = 0; n < keys.size(); ++n) {
      if (keys[n] != key || n == peer) continue;
      merge(parties[n], standing.party);
      internal[n] = internal[n] || standing.internal;
      return n;
    }
    parties.push_back(standing.party);
    keys.push_back(key);
    internal.push_back(standing.internal);
    return parties.size() - 1;
  }

 private:
  static void merge(Party& into, const Party& from) {
    if (into.role == Role::Unknown && from.role != Role::Unknown) {
      Party told = from;
      if (told.name.empty()) told.name = into.name;
      into = std::move(told);
    } else if (into.name.empty()) {
      into.name = from.name;
    }
    if (into.uri.empty()) into.uri = from.uri;
  }
};

/// One call with two ends: what one is tells what the other is.
void fill_pair(Register& found) {
  Party& caller = found.parties[0];
  Party& callee = found.parties[1];
  const auto other_role = [](Role role) {
    return role == Role::Agent || role == Role::Supervisor || role == Role::Sme || role == Role::Bot ? Role::Customer
                                                                                                     : Role::Agent;
  };
  if (caller.role == Role::Unknown && callee.role == Role::Unknown) {
    const bool outbound = found.internal[0] && !found.internal[1];
    caller.role = outbound ? Role::Agent : Role::Customer;
    callee.role = outbound ? Role::Customer : Role::Agent;
  } else if (caller.role == Role::Unknown) {
    caller.role = other_role(callee.role);
  } else if (callee.role == Role::Unknown) {
    callee.role = other_role(caller.role);
  }
}

/// Parties that were up with `party`.
std::vector<std::size_t> peers_of(const std::vector<Leg>& legs, std::size_t party) {
  std::vector<std::size_t> peers;
  for (std::size_t n = 0; n < legs.size(); ++n) {
    for (const Side side : kSides) {
      if (legs[n].party[index_of(side)] != party || !legs[n].answer) continue;
      for (const Presence& one : behind(legs, n, other(side))) (void)add_once(peers, one.party, kMaxUris * 8);
    }
  }
  return peers;
}

std::size_t choose_customer(const Register& found) {
  for (std::size_t n = 0; n < found.parties.size(); ++n) {
    if (found.parties[n].role == Role::Customer) return n;
  }
  for (std::size_t n = 0; n < found.parties.size(); ++n) {
    if (found.parties[n].role == Role::Unknown && !found.internal[n]) return n;
  }
  for (std::size_t n = 0; n < found.parties.size(); ++n) {
    if (found.parties[n].role == Role::Unknown) return n;
  }
  return kNoParty;
}

void fill_roles(Register& found, const std::vector<Leg>& legs) {
  const std::size_t customer = choose_customer(found);
  if (customer != kNoParty) found.parties[customer].role = Role::Customer;
  bool inside = false;
  for (std::size_t n = 0; n < found.parties.size(); ++n) {
    inside |= n != customer && (found.internal[n] || found.parties[n].role == Role::Agent);
  }
  for (std::size_t n = 0; n < found.parties.size(); ++n) {
    Party& party = found.parties[n];
    if (party.role != Role::Unknown) continue;
    const auto peers = peers_of(legs, n);
    const bool served = std::ranges::find(peers, customer) != peers.end();
    if (found.internal[n] || !inside) {
      party.role = served || peers.empty() ? Role::Agent : Role::Sme;
    } else {
      party.role = Role::Thirdparty;
    }
  }
}

std::optional<Window> within(const Window& one, const Window& another) {
  const Window both{std::max(one.start, another.start), std::min(one.end, another.end)};
  return both.start < both.end ? std::optional(both) : std::nullopt;
}

}  // namespace

std::vector<Presence> joined(std::vector<Presence> list) {
  constexpr Duration kMove = std::chrono::seconds(1);
  std::ranges::sort(list, {}, [](const Presence& one) { return std::pair(one.party, one.when.start); });
  std::vector<Presence> result;
  for (const Presence& one : list) {
    if (!result.empty() && result.back().party == one.party && one.when.start <= result.back().when.end + kMove) {
      result.back().when.end = std::max(result.back().when.end, one.when.end);
    } else {
      result.push_back(one);
    }
  }
  return result;
}

std::vector<Presence> behind(const std::vector<Leg>& legs, std::size_t index, Side side) {
  const Leg& leg = legs[index];
  const Window own = window_of(leg);
  const std::size_t party = leg.party[index_of(side)];
  if (party != kNoParty) return {{party, own}};
  std::vector<Presence> list;
  const auto add = [&](const Leg& another, Side far) {
    const auto when = another.answer ? within(own, another.answer->window) : std::nullopt;
    if (when && another.party[index_of(far)] != kNoParty) list.push_back({another.party[index_of(far)], *when});
  };
  for (const std::size_t bridged : leg.bridged[index_of(side)]) {
    const Leg& another = legs[bridged];
    const auto& back = another.bridged[0];
    add(another, std::ranges::find(back, index) != back.end() ? Side::Callee : Side::Caller);
  }
  for (std::size_t n = 0; leg.mixer[index_of(side)] && n < legs.size(); ++n) {
    const bool same = n != index && legs[n].mixer[1] && callee_host(*legs[n].call) == callee_host(*leg.call) &&
                      legs[n].call->focus == leg.call->focus;
    if (same) add(legs[n], Side::Caller);
  }
  return joined(std::move(list));
}

std::vector<Party> find_parties(std::vector<Leg>& legs, const std::vector<Link>& links) {
  find_bridges(legs, links);
  if (legs.size() > 1) find_mixers(legs);
  Register found;
  for (Leg& leg : legs) leg.left_out = legs.size() > 1 && was_replaced(legs, leg);
  for (Leg& leg : legs) {
    for (const Side side : kSides) {
      if (leg.left_out) continue;
      const bool bot = leg.standing[index_of(side)].party.role == Role::Bot;
      if (bot || !is_host(leg, side)) leg.party[index_of(side)] = found.add(leg, side);
    }
  }
  if (legs.size() == 1 && found.parties.size() == 2) {
    fill_pair(found);
  } else {
    fill_roles(found, legs);
  }
  return found.parties;
}

}  // namespace tapestry::calls
