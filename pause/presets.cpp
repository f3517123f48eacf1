#include "pause/presets.h"

#include <algorithm>

namespace tapestry::pause {
namespace {

/// A Refer-To value that asks for a recording feature. Both URN prefixes are in use.
std::string feature(const std::string& names) {
  return R"(^\s*(?:[^<]*<)?\s*urn:(?:ietf:)?feature:(?:)" + names + R"()(?:Call)?Recording\s*(?:[;?>].*)?$)";
}

}  // namespace

std::vector<MarkerRule> presets() {
  return {
      {.name = "record-attribute", .kind = Kind::RecordAttribute},
      {.name = "record-preference", .kind = Kind::RecordPreference},
      {.name = "info-record",
       .method = "^INFO$",
       .header = "Record",
       .pause = R"(^\s*(?:off|pause)\s*(?:;.*)?$)",
       .resume = R"(^\s*on\s*(?:;.*)?$)"},
      {.name = "audiocodes",
       .method = "^INFO$",
       .header = "X-AC-Action",
       .pause = R"(^\s*(?:pause|stop)-siprec\s*(?:;.*)?$)",
       .resume = R"(^\s*(?:resume|start)-siprec\s*(?:;.*)?$)"},
      {.name = "msml",
       .method = "^INFO$",
       .body_type = "msml",
       .pause =
           R"((?s)<(?:\w+:)?send\s[^>]*\bevent\s*=\s*["']pause["']|<gvp:recorder\s[^>]*\bstate\s*=\s*["']paused?["'])",
       .resume =
           R"((?s)<(?:\w+:)?send\s[^>]*\bevent\s*=\s*["']resume["']|<gvp:recorder\s[^>]*\bstate\s*=\s*["'](?:resumed?|start(?:ed)?|record(?:ing)?)["'])",
       .toggle = R"((?s)<(?:\w+:)?send\s[^>]*\bevent\s*=\s*["']toggle-state["'])"},
      {.name = "feature-referral",
       .method = "^REFER$",
       .header = "Refer-To",
       .pause = feature("Pause|Suspend|Stop"),
       .resume = feature("Resume|Start")},
      {.name = "siprec", .kind = Kind::RecordingSession},
      {.name = "control-channel", .kind = Kind::ControlChannel},
  };
}

bool is_preset(std::string_view name) {
  const auto all = presets();
  return std::ranges::any_of(all, [&](const MarkerRule& rule) { return rule.name == name; });
}

}  // namespace tapestry::pause
