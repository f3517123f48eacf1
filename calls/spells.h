#pragma once
#include <utility>
#include <vector>

#include "core/time.h"

namespace tapestry::calls {

/// A stretch of time: of a recording, a part of it, a state.
struct Window {
  Time start;
  Time end;
};

/// When something was so, by the times of what said it.
struct Spells {
  bool on = false;
  Time since{};                               ///< while on
  std::vector<std::pair<Time, Time>> past{};  ///< in order of being told

  /// It is so, or no longer, from `time` on. Of spells beyond `limit` only the last is known.
  void set(bool now_on, Time time, std::size_t limit);
  /// The parts of its spells that lie in the window; one that goes on reaches to the window's end.
  [[nodiscard]] std::vector<Window> inside(const Window& window) const;
};

/// What the two have in common: nothing unless it starts before it ends.
constexpr Window common(const Window& one, const Window& another) noexcept {
  return {one.start > another.start ? one.start : another.start, one.end < another.end ? one.end : another.end};
}

}  // namespace tapestry::calls
