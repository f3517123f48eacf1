#pragma once
#include <string>
#include <vector>

#include "calls/roles.h"
#include "calls/roster.h"

namespace tapestry::calls {

/// A participant of a conference as all its subscriptions told of it.
struct Attendee {
  std::string focus{};
  Standing standing{};
  std::vector<std::string> names{};  ///< identity_of() user and endpoints
  std::vector<Window> present{};     ///< in order of time, as are the others
  std::vector<Window> held{};
  std::vector<Window> muted{};
};

/// All participants but anonymous ones, other conferences and hosts that a rule says are no parties; `until` is the end
/// of what was still so. In order of their first presence.
std::vector<Attendee> attendees_of(const Rosters& rosters, const Roles& roles, const Registrations& registrations,
                                   Time until);

}  // namespace tapestry::calls
