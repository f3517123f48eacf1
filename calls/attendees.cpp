#include "calls/attendees.h"

#include <algorithm>
#include <tuple>

#include "calls/identity.h"
#include "sipparse/address.h"

namespace tapestry::calls {
namespace {

/// A subscription that ended knows no more; who was there then stays for as long as no other one tells more.
Time end_of(const Roster& roster, const Rosters& rosters, Time until) {
  if (!roster.ended) return until;
  const bool told = std::ranges::any_of(rosters.list, [&](const Roster& other) {
    return &other != &roster && other.focus == roster.focus && other.last > *roster.ended;
  });
  return told ? *roster.ended : until;
}

/// One list of stretches that do not touch.
void merge(std::vector<Window>& into, const std::vector<Window>& more) {
  into.insert(into.end(), more.begin(), more.end());
  std::ranges::sort(into, {}, [](const Window& one) { return std::tie(one.start, one.end); });
  std::vector<Window> merged;
  for (const Window& one : into) {
    if (!merged.empty() && one.start <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, one.end);
    } else {
      merged.push_back(one);
    }
  }
  into = std::move(merged);
}

std::string identity_of_uri(const std::string& uri) {
  const auto parsed = sip::parse_uri(uri);
  return parsed ? identity_of(sip::address_of_record(*parsed)) : std::string();
}

/// Addresses of the endpoints that stand in their URIs.
std::vector<IpAddress> hosts_of(const RosterMember& member) {
  std::vector<IpAddress> hosts;
  for (const std::string& uri : member.known) {
    const auto parsed = sip::parse_uri(uri);
    const auto host = parsed ? IpAddress::parse(parsed->host) : std::nullopt;
    if (host) hosts.push_back(*host);
  }
  return hosts;
}

void add_member(const RosterMember& member, const Window& known, Attendee& attendee) {
  for (const std::string& uri : member.known) {
    const std::string name = identity_of_uri(uri);
    if (!name.empty()) (void)add_once(attendee.names, name, kMaxRosterEndpoints * 2);
  }
  if (attendee.standing.party.name.empty()) attendee.standing.party.name = member.name;
  merge(attendee.present, member.present.inside(known));
  merge(attendee.held, member.held.inside(known));
  merge(attendee.muted, member.muted.inside(known));
}

}  // namespace

std::vector<Attendee> attendees_of(const Rosters& rosters, const Roles& roles, const Registrations& registrations,
                                   Time until) {
  std::vector<Attendee> all;
  for (const Roster& roster : rosters.list) {
    const Time end = end_of(roster, rosters, until);
    for (const RosterMember& member : roster.members) {
      const std::string name = identity_of(member.uri);
      if (name.empty() || name == "anonymous") continue;
      auto have = std::ranges::find_if(
          all, [&](const Attendee& one) { return one.focus == roster.focus && one.standing.party.uri == member.uri; });
      if (have == all.end()) {
        Standing standing = roles.standing_of(member.uri, member.name, hosts_of(member), registrations);
        standing.party.uri = member.uri;
        if (standing.no_party) continue;
        have = all.insert(all.end(), {.focus = roster.focus, .standing = std::move(standing), .names = {name}});
      }
      add_member(member, {Time::min(), end}, *have);
    }
  }
  std::erase_if(all, [](const Attendee& one) { return one.present.empty(); });
  std::ranges::sort(all, {}, [](const Attendee& one) {
    return std::tie(one.present.front().start, one.focus, one.standing.party.uri);
  });
  return all;
}

}  // namespace tapestry::calls
