#include "app/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "app/text.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kWidestLabel = 24;
constexpr std::size_t kNarrowestStrip = 20;
constexpr std::size_t kWidestStrip = 1000;
constexpr double kTickSpacing = 10;  // characters between ruler marks, at least
constexpr std::array<double, 18> kSteps = {1,   2,    5,    10,   15,   30,    60,    120,   300,
                                           600, 1200, 1800, 3600, 7200, 14400, 28800, 43200, 86400};

std::string_view symbol(Stretch stretch, bool utf8) {
  switch (stretch) {
    case Stretch::Audio:
      return utf8 ? "█" : "#";
    case Stretch::Gap:
      return utf8 ? "░" : ".";
    case Stretch::Hold:
      return "h";
    case Stretch::Pause:
      return "P";
  }
  return "?";
}

std::string ruler(double seconds, std::size_t width, std::size_t indent, bool utf8) {
  const double per_cell = seconds / static_cast<double>(width);
  const auto* step =
      std::find_if(kSteps.begin(), kSteps.end() - 1, [&](double s) { return s >= per_cell * kTickSpacing; });
  std::string times(indent, ' ');
  std::string marks(indent, ' ');
  std::size_t next_tick = 0;
  for (std::size_t cell = 0; cell < width; ++cell) {
    const double tick = static_cast<double>(next_tick) * *step;
    if (cell != static_cast<std::size_t>(std::lround(tick / per_cell))) {
      marks += utf8 ? "─" : "-";
      continue;
    }
    times.resize(std::max(times.size(), indent + cell), ' ');
    times += clock_text(from_seconds(tick)) + " ";
    marks += utf8 ? "┬" : "+";
    ++next_tick;
  }
  while (times.ends_with(' ')) times.pop_back();
  return times + "\n" + marks + "\n";
}

std::string strip(const TimelineRow& row, double seconds, std::size_t width, bool utf8) {
  std::vector<Stretch> cells(width, Stretch::Audio);
  const double per_second = static_cast<double>(width) / seconds;
  const auto cell_at = [&](double at) {
    return static_cast<std::size_t>(std::lround(std::clamp(at * per_second, 0.0, static_cast<double>(width))));
  };
  for (const TimelineSpan& span : row.spans) {
    const std::size_t first = std::min(cell_at(span.from), width - 1);
    const std::size_t end = std::max(first + 1, cell_at(span.to));
    for (std::size_t cell = first; cell < end; ++cell) cells[cell] = std::max(cells[cell], span.stretch);
  }
  std::string text;
  for (const Stretch cell : cells) text += symbol(cell, utf8);
  return text;
}

}  // namespace

std::string draw(const Timeline& timeline, std::size_t columns, bool utf8) {
  std::size_t label_width = 0;
  for (const TimelineRow& row : timeline.rows) label_width = std::max(label_width, width_of(row.label));
  label_width = std::min(label_width, kWidestLabel);
  const std::size_t indent = label_width + 4;
  const std::size_t width = std::clamp(columns > indent ? columns - indent : 0, kNarrowestStrip, kWidestStrip);
  const double seconds = std::max(timeline.seconds, 0.001);
  std::string text = ruler(seconds, width, indent, utf8);
  for (const TimelineRow& row : timeline.rows) {
    text += "  " + fit(row.label, label_width) + "  " + strip(row, seconds, width, utf8) + "\n";
  }
  return text;
}

std::string timeline_legend(bool utf8) {
  return fmt::format("{} audio  {} no audio  {} hold  {} paused", symbol(Stretch::Audio, utf8),
                     symbol(Stretch::Gap, utf8), symbol(Stretch::Hold, utf8), symbol(Stretch::Pause, utf8));
}

}  // namespace tapestry::app
