#include "calls/pause_origin.h"

#include <algorithm>

#include "calls/identity.h"

namespace tapestry::calls {
namespace {

bool is_of_the_house(const Standing& standing) noexcept {
  const Role role = standing.party.role;
  if (role == Role::Unknown) return standing.internal;
  return role == Role::Agent || role == Role::Supervisor || role == Role::Sme || role == Role::Bot;
}

/// A machine that only plays prompts tells nothing of who else is there.
bool is_person_of_the_house(const Standing& standing) noexcept {
  return is_of_the_house(standing) && standing.party.role != Role::Bot;
}

bool is_stranger(const Standing& standing) noexcept {
  return standing.party.role == Role::Customer || standing.party.role == Role::Thirdparty;
}

std::string name_at(const Call& call, Side side) {
  const auto& uris = call.sides[index_of(side)].uris;
  return uris.empty() ? std::string() : identity_of(uris.front());
}

/// Whether a host that was called in the one and placed the other connects the two: both are up at one time, and who it
/// calls for is not who it is called as (that would be a phone with two calls).
bool joins(const Call& called, const Call& placed) {
  const auto outlasts = [](const Call& call, Time time) { return !call.over || call.last_seen >= time; };
  return called.serial != placed.serial && outlasts(called, placed.first_seen) && outlasts(placed, called.first_seen) &&
         name_at(called, Side::Callee) != name_at(placed, Side::Caller);
}

}  // namespace

bool PauseOrigin::is_controller(const IpAddress& host) const noexcept {
  const auto holds = [&host](const Cidr& range) { return range.contains(host); };
  return std::ranges::any_of(rules_.pauses.controllers, holds);
}

bool PauseOrigin::is_outside(const IpAddress& host) const noexcept {
  const Role known = roles_.role_of(host);
  return (known == Role::Trunk || known == Role::Customer) && !is_controller(host);
}

bool PauseOrigin::is_between(const IpAddress& host, const Conversation& conversation) const {
  std::vector<const Call*> called;
  std::vector<const Call*> placed;
  for (const std::uint64_t serial : conversation.calls) {
    const Call* call = calls_.find(serial);
    if (call == nullptr) continue;
    if (callee_host(*call) == host) called.push_back(call);
    if (caller_host(*call) == host) placed.push_back(call);
  }
  return std::ranges::any_of(called, [&](const Call* one) {
    return std::ranges::any_of(placed, [&](const Call* another) { return joins(*one, *another); });
  });
}

bool PauseOrigin::knows_somebody(const Conversation& conversation) const {
  return std::ranges::any_of(conversation.calls, [this](std::uint64_t serial) {
    const Call* call = calls_.find(serial);
    return call != nullptr && (is_person_of_the_house(roles_.standing(*call, Side::Caller, registrations_)) ||
                               is_person_of_the_house(roles_.standing(*call, Side::Callee, registrations_)));
  });
}

bool PauseOrigin::is_inside(const Call& call, Side side, const Conversation& conversation) const {
  const Standing standing = roles_.standing(call, side, registrations_);
  if (is_of_the_house(standing)) return true;
  if (is_stranger(standing) || side == Side::Caller) return false;
  const Standing peer = roles_.standing(call, other(side), registrations_);
  return !is_of_the_house(peer) && !knows_somebody(conversation);
}

bool PauseOrigin::is_from_other_side(const Call& call, Side sender, const IpAddress& host) const {
  return host == host_of(call, other(sender)) && host != host_of(call, sender);
}

Origin PauseOrigin::of(const Call& call, Side sender, const IpAddress& host, const Conversation& conversation) const {
  if (is_controller(host)) return Origin::Controller;
  if (is_outside(host) || is_from_other_side(call, sender, host)) return Origin::Outside;
  if (is_inside(call, sender, conversation)) return Origin::Agent;
  const Role known = roles_.role_of(host);
  const bool is_host = known == Role::Pbx || known == Role::Recorder || is_between(host, conversation);
  return is_host ? Origin::Host : Origin::Outside;
}

Origin PauseOrigin::of_keys(const Call& call, Side sender, const Endpoint& source,
                            const Conversation& conversation) const {
  const auto claimed_by = [&](Side side) {
    return std::ranges::any_of(call.claims,
                               [&](const MediaClaim& claim) { return claim.side == side && claim.endpoint == source; });
  };
  // Who sends to an address that the other side named may have named it for that; what both name is a relay's.
  const bool foreign = claimed_by(other(sender)) && !claimed_by(sender);
  if (foreign || is_from_other_side(call, sender, source.ip)) return Origin::Outside;
  return is_inside(call, sender, conversation) ? Origin::Agent : Origin::Outside;
}

Origin PauseOrigin::of_session(const IpAddress& host, const Conversation& conversation) const {
  if (is_controller(host)) return Origin::Controller;
  if (is_outside(host)) return Origin::Outside;
  const Role known = roles_.role_of(host);
  if (known == Role::Pbx || known == Role::Recorder) return Origin::Host;
  for (const std::uint64_t serial : conversation.calls) {
    const Call* call = calls_.find(serial);
    if (call == nullptr) continue;
    for (const Side side : {Side::Caller, Side::Callee}) {
      const bool is_strangers = !is_inside(*call, side, conversation) && host_of(*call, side) == host;
      const bool connects = roles_.standing(*call, side, registrations_).no_party || is_between(host, conversation);
      if (is_strangers && !connects) return Origin::Outside;
    }
  }
  return Origin::Host;
}

bool PauseOrigin::is_robot(const Call& call, Side side) const {
  return roles_.standing(call, side, registrations_).party.role == Role::Bot;
}

Origin PauseOrigin::outside(const std::string& from, const IpAddress& host, const Conversation& conversation) const {
  if (is_controller(host)) return Origin::Controller;
  if (roles_.role_of(host) == Role::Pbx || is_between(host, conversation)) return Origin::Host;
  for (const std::uint64_t serial : conversation.calls) {
    const Call* call = calls_.find(serial);
    if (call == nullptr) continue;
    for (const Side side : {Side::Caller, Side::Callee}) {
      if (is_inside(*call, side, conversation)) continue;
      const auto& uris = call->sides[index_of(side)].uris;
      const bool named = !from.empty() && std::ranges::find(uris, from) != uris.end();
      if (named || host_of(*call, side) == host) return Origin::Outside;
    }
  }
  return Origin::Agent;
}

}  // namespace tapestry::calls
