#pragma once
#include <vector>

#include "calls/leg.h"

namespace tapestry::calls {

/// Presences of one party that touch are made one (a move from one leg to another takes up to a second). In order of
/// party, then time.
std::vector<Presence> joined(std::vector<Presence> list);

/// The party of that end, or those that its host connects the leg with: a B2BUA's other legs, a mixer's others, and
/// those of whom only the mixer told. Inside the leg's own window; each party's presences in order of time and apart.
std::vector<Presence> behind(const std::vector<Leg>& legs, std::size_t leg, Side side);

}  // namespace tapestry::calls
