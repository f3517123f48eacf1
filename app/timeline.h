#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tapestry::app {

/// What a stretch of a channel is; a later one hides an earlier one where both are.
enum class Stretch : std::uint8_t { Audio, Gap, Hold, Pause };

struct TimelineSpan {
  double from = 0;  ///< seconds from the timeline's start
  double to = 0;
  Stretch stretch = Stretch::Gap;
};

/// One channel: audio wherever no span says otherwise.
struct TimelineRow {
  std::string label;  ///< printable
  std::vector<TimelineSpan> spans;
};

struct Timeline {
  double seconds = 0;
  std::vector<TimelineRow> rows;
};

/// A ruler with times and a line of characters per row, `columns` wide in all. The shortest span shows as one
/// character.
std::string draw(const Timeline& timeline, std::size_t columns, bool utf8);

/// What the characters mean.
std::string timeline_legend(bool utf8);

}  // namespace tapestry::app
