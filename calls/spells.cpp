#include "calls/spells.h"

namespace tapestry::calls {

void Spells::set(bool now_on, Time time, std::size_t limit) {
  if (on == now_on) return;
  if (!now_on && past.size() < limit) past.emplace_back(since, time);
  on = now_on;
  since = time;
}

std::vector<Window> Spells::inside(const Window& window) const {
  std::vector<Window> parts;
  const auto add = [&](Time from, Time to) {
    const Window part = common({from, to}, window);
    if (part.start < part.end) parts.push_back(part);
  };
  for (const auto& [from, to] : past) add(from, to);
  if (on) add(since, window.end);
  return parts;
}

}  // namespace tapestry::calls
