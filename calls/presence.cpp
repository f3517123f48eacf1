#include "calls/presence.h"

#include <algorithm>

#include "calls/identity.h"

namespace tapestry::calls {

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
  const auto seen = [&](std::size_t who, const Window& window) {
    const Window when = common(own, window);
    if (who != kNoParty && when.start < when.end) list.push_back({who, when});
  };
  const auto add = [&](const Leg& another, Side far) {
    if (another.answer) seen(another.party[index_of(far)], another.answer->window);
  };
  for (const std::size_t bridged : leg.bridged[index_of(side)]) {
    const Leg& another = legs[bridged];
    const auto& back = another.bridged[0];
    add(another, std::ranges::find(back, index) != back.end() ? Side::Callee : Side::Caller);
  }
  for (std::size_t n = 0; leg.mixer[index_of(side)] && n < legs.size(); ++n) {
    if (n != index && share_mixer(leg, legs[n])) add(legs[n], other(mixing_side(legs[n]).value_or(Side::Callee)));
  }
  if (leg.mixer[index_of(side)]) {
    for (const Presence& one : leg.attending) seen(one.party, one.when);
  }
  return joined(std::move(list));
}

}  // namespace tapestry::calls
