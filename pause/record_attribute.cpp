#include "pause/record_attribute.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "sipparse/text.h"

namespace tapestry::pause {
namespace {

constexpr std::string_view kState = "a=record:";
constexpr std::string_view kPreference = "a=recordpref:";

int caution(Recording value) noexcept {
  constexpr std::array kOrder{Recording::Unknown, Recording::Off, Recording::On, Recording::Paused};
  return static_cast<int>(std::ranges::find(kOrder, value) - kOrder.begin());
}

void note(std::optional<Recording>& have, std::optional<Recording> value) {
  if (value && (!have || caution(*value) > caution(*have))) have = value;
}

std::optional<Recording> parse_value(std::string_view value, std::string_view paused) {
  if (sip::equals_ignore_case(value, "on")) return Recording::On;
  if (sip::equals_ignore_case(value, "off")) return Recording::Off;
  if (sip::equals_ignore_case(value, paused)) return Recording::Paused;
  return std::nullopt;
}

}  // namespace

RecordLines parse_record_lines(Bytes sdp) {
  RecordLines lines;
  std::string_view text = as_text(sdp);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = sip::trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (sip::starts_with_ignore_case(line, kState)) {
      note(lines.state, parse_value(sip::trim(line.substr(kState.size())), "paused"));
    } else if (sip::starts_with_ignore_case(line, kPreference)) {
      note(lines.preference, parse_value(sip::trim(line.substr(kPreference.size())), "pause"));
    }
  }
  return lines;
}

std::optional<Action> asked_by_state(Recording before, Recording now, bool initial) noexcept {
  if (now == before) return std::nullopt;
  if (now == Recording::Paused) return Action::Pause;
  if (now == Recording::Off) return before == Recording::On ? std::optional(Action::Pause) : std::nullopt;
  return initial ? std::nullopt : std::optional(Action::Resume);
}

std::optional<Action> asked_by_preference(Recording before, Recording now, bool initial) noexcept {
  if (now == before) return std::nullopt;
  if (now != Recording::On) return Action::Pause;
  return initial ? std::nullopt : std::optional(Action::Resume);
}

}  // namespace tapestry::pause
