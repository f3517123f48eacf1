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

bool is_dtmf_code(std::string_view keys) noexcept {
  constexpr std::size_t kMostKeys = 16;
  constexpr std::string_view kKeys = "0123456789*#ABCD";
  return !keys.empty() && keys.size() <= kMostKeys &&
         std::ranges::all_of(keys, [&](char key) { return kKeys.find(key) != std::string_view::npos; });
}

}  // namespace tapestry::pause
