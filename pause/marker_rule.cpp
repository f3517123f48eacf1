#include "pause/marker_rule.h"

#include <algorithm>

namespace tapestry::pause {

std::string_view to_string(Action action) noexcept {
  switch (action) {
    case Action::Pause:
      return "pause";
    case Action::Resume:
      return "resume";
    case Action::Toggle:
      return "toggle";
  }
  return "";
}

RuleName name_of(const MarkerRule& rule) {
  return {.name = rule.name, .kind = rule.kind, .side = rule.side, .retired = rule.retired};
}

bool is_about_places(const MarkerRule& rule) noexcept { return !rule.destination.empty() || rule.destination_ip; }

bool same_places(const MarkerRule& one, const MarkerRule& another) noexcept {
  const auto& range = one.destination_ip;
  const auto& other = another.destination_ip;
  const bool same_range =
      range && other ? range->base == other->base && range->prefix == other->prefix : !range && !other;
  return one.destination == another.destination && same_range;
}

bool is_dtmf_code(std::string_view keys) noexcept {
  constexpr std::size_t kMostKeys = 16;
  constexpr std::string_view kKeys = "0123456789*#ABCD";
  return !keys.empty() && keys.size() <= kMostKeys &&
         std::ranges::all_of(keys, [&](char key) { return kKeys.find(key) != std::string_view::npos; });
}

}  // namespace tapestry::pause
