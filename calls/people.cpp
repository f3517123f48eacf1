#include "calls/people.h"

#include <algorithm>
#include <optional>

#include "calls/closeness.h"
#include "calls/identity.h"
#include "calls/presence.h"

namespace tapestry::calls {
namespace {

constexpr std::array kSides{Side::Caller, Side::Callee};

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

/// Its INVITE asked the other's callee, or caller, to give that call up for it (RFC 3891).
bool takes_place_of(const Leg& leg, const Leg& another) {
  return std::ranges::any_of(leg.call->references, [&another](const Reference& reference) {
    return reference.kind == LinkKind::Replaces && reference.dialog.call_id == another.call->call_id;
  });
}

/// A conference: it says so, or several call it at one time under one name and it is nobody's phone.
void find_mixers(std::vector<Leg>& legs) {
  for (std::size_t n = 0; n < legs.size(); ++n) {
    Leg& leg = legs[n];
    const std::size_t focus = index_of(leg.call->focus_side);
    if (is_conference(*leg.call, leg.standing[focus])) leg.mixer[focus] = true;
    if (is_phone(leg.standing[1]) || leg.standing[1].party.role != Role::Unknown || !leg.answer) continue;
    for (std::size_t m = 0; m < n; ++m) {
      Leg& other = legs[m];
      const bool same = other.answer && identity(leg, Side::Callee) == identity(other, Side::Callee) &&
                        callee_host(*leg.call) == callee_host(*other.call);
      if (same && overlap(leg, other) && !takes_place_of(leg, other) && leg.bridged[1].empty() && other.bridged[1].empty())
        leg.mixer[1] = other.mixer[1] = true;
    }
  }
}

bool was_replaced(const std::vector<Leg>& legs, const Leg& leg) {
  if (leg.answer) return false;
  if (leg.call->completed_elsewhere) return true;
  return std::ranges::any_of(legs, [&](const Leg& another) {
    if (another.call == leg.call || !another.answer) return false;
    const bool sibling = !leg.bridged[0].empty() && !another.bridged[0].empty() &&
                         caller_host(*another.call) == caller_host(*leg.call) && leg.call->cancelled;
    return takes_place_of(another, leg) || sibling;
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
    // Both ends of one call are two, whatever they are called.
    return add(leg.standing[index_of(side)], key_of(leg, side), leg.party[index_of(other(side))]);
  }

  std::size_t add(const Standing& standing, const std::string& key, std::size_t peer) {
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

/// Conferences of one conversation are told apart by their users alone: Contact and entity may name other hosts.
bool is_of(const Leg& leg, const Attendee& one) {
  return !leg.call->focus.empty() && identity_of(leg.call->focus) == identity_of(one.focus);
}

/// Whether the leg is the attendee's own call to the conference.
bool is_own(const Leg& leg, const Attendee& one) {
  const auto named = [&one](const std::string& uri) {
    return std::ranges::find(one.names, identity_of(uri)) != one.names.end();
  };
  const std::size_t own = index_of(other(leg.call->focus_side));
  return is_of(leg, one) &&
         (std::ranges::any_of(leg.call->sides[own].uris, named) || named(leg.standing[own].party.uri));
}

bool has_company(const Leg& leg, const std::vector<Attendee>& attendees) {
  return std::ranges::any_of(attendees,
                             [&](const Attendee& one) { return is_of(leg, one) && !is_own(leg, one); });
}

/// An attendee is the party whose call it is, else a party by name.
void seat(Register& found, std::vector<Leg>& legs, const Attendee& one) {
  const auto is_there = [&one](const Leg& leg) { return mixing_side(leg) && is_of(leg, one); };
  const auto participant = [](const Leg& leg) { return leg.party[index_of(other(leg.call->focus_side))]; };
  if (std::ranges::none_of(legs, is_there)) return;
  const auto own = std::ranges::find_if(
      legs, [&](const Leg& leg) { return is_there(leg) && is_own(leg, one) && participant(leg) != kNoParty; });
  const std::string& uuid = one.standing.party.uuid;
  const std::size_t party = own != legs.end()
                                ? participant(*own)
                                : found.add(one.standing, uuid.empty() ? one.names.front() : "uuid " + uuid, kNoParty);
  for (Leg& leg : legs) {
    if (!is_there(leg)) continue;
    if (own == legs.end()) {
      for (const Window& when : one.present) leg.attending.push_back({party, when});
    }
    for (const Window& when : one.held) leg.told.push_back({party, EventKind::Hold, when});
    for (const Window& when : one.muted) leg.told.push_back({party, EventKind::Mute, when});
  }
}

}  // namespace

std::vector<Party> find_parties(std::vector<Leg>& legs, const std::vector<Link>& links,
                                const std::vector<Attendee>& attendees) {
  find_bridges(legs, links);
  if (legs.size() > 1 || has_company(legs.front(), attendees)) find_mixers(legs);
  Register found;
  for (Leg& leg : legs) leg.left_out = legs.size() > 1 && was_replaced(legs, leg);
  for (Leg& leg : legs) {
    for (const Side side : kSides) {
      if (leg.left_out) continue;
      const bool bot = leg.standing[index_of(side)].party.role == Role::Bot;
      if (bot || !is_host(leg, side)) leg.party[index_of(side)] = found.add(leg, side);
    }
  }
  for (const Attendee& one : attendees) seat(found, legs, one);
  if (legs.size() == 1 && found.parties.size() == 2) {
    fill_pair(found);
  } else {
    fill_roles(found, legs);
  }
  return found.parties;
}

}  // namespace tapestry::calls
