#include "app/config_pause.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "pause/markers.h"

namespace tapestry::app {
namespace {

constexpr int kMostDelay = 30;
constexpr int kMostRoll = 3600;
constexpr int kMostPause = 86'400;
constexpr int kMostPort = 65'535;
constexpr int kMostKeyed = 19;

using Text = std::string pause::MarkerRule::*;

/// Keys of [[marker]] that are texts as they are.
constexpr std::array kTexts{
    std::pair<std::string_view, Text>{"name", &pause::MarkerRule::name},
    std::pair<std::string_view, Text>{"method", &pause::MarkerRule::method},
    std::pair<std::string_view, Text>{"header", &pause::MarkerRule::header},
    std::pair<std::string_view, Text>{"body_type", &pause::MarkerRule::body_type},
    std::pair<std::string_view, Text>{"pause", &pause::MarkerRule::pause},
    std::pair<std::string_view, Text>{"resume", &pause::MarkerRule::resume},
    std::pair<std::string_view, Text>{"toggle", &pause::MarkerRule::toggle},
    std::pair<std::string_view, Text>{"http_pause", &pause::MarkerRule::http_pause},
    std::pair<std::string_view, Text>{"http_resume", &pause::MarkerRule::http_resume},
    std::pair<std::string_view, Text>{"destination", &pause::MarkerRule::destination},
    std::pair<std::string_view, Text>{"reason", &pause::MarkerRule::reason},
};

constexpr std::array kCodes{
    std::pair<std::string_view, Text>{"dtmf_pause", &pause::MarkerRule::dtmf_pause},
    std::pair<std::string_view, Text>{"dtmf_resume", &pause::MarkerRule::dtmf_resume},
    std::pair<std::string_view, Text>{"dtmf_toggle", &pause::MarkerRule::dtmf_toggle},
};

template <class List>
Text find_text(const List& list, std::string_view key) {
  const auto found = std::ranges::find(list, key, &std::pair<std::string_view, Text>::first);
  return found == list.end() ? nullptr : found->second;
}

Cidr range_of(const Place& place, const toml::node& node, const std::string& text) {
  const auto range = Cidr::parse(text);
  if (!range) place.fail(node.source(), fmt::format("\"{}\" is no address or range like 10.1.0.0/16", text));
  return *range;
}

std::vector<std::uint16_t> ports_of(const Place& place, const toml::key& key, const toml::node& node) {
  const auto* array = node.as_array();
  if (array == nullptr) place.fail(node.source(), fmt::format("\"{}\" must be a list of ports", key.str()));
  std::vector<std::uint16_t> ports;
  for (const auto& entry : *array)
    ports.push_back(static_cast<std::uint16_t>(number_of(place, key, entry, 1, kMostPort)));
  return ports;
}

void read_marker_key(const Place& place, const toml::key& key, const toml::node& node, pause::MarkerRule& rule) {
  if (const Text text = find_text(kTexts, key.str())) {
    rule.*text = text_of(place, key, node);
  } else if (const Text code = find_text(kCodes, key.str())) {
    rule.*code = text_of(place, key, node);
    if (!pause::is_dtmf_code(rule.*code)) {
      place.fail(node.source(), fmt::format("\"{}\" must be 1 to 16 keys of 0-9, *, #, A-D", key.str()));
    }
  } else if (key == "side") {
    rule.side = static_cast<pause::Side>(choice_of(place, key, node, {"agent", "any"}));
  } else if (key == "destination_ip") {
    rule.destination_ip = range_of(place, node, text_of(place, key, node));
  } else if (key == "pre_roll") {
    rule.pre_roll = seconds_of(place, key, node, 0, kMostDelay);
  } else if (key == "post_roll") {
    rule.post_roll = seconds_of(place, key, node, 0, kMostRoll);
  } else if (key == "max") {
    rule.longest = seconds_of(place, key, node, 1, kMostPause);
  } else if (key == "on_max") {
    rule.resumes_by_itself = choice_of(place, key, node, {"stay", "resume"}) == 1;
  } else {
    place.unknown(key, "[[marker]]");
  }
}

bool looks_at_something(const pause::MarkerRule& rule) {
  const bool values = !rule.pause.empty() || !rule.resume.empty() || !rule.toggle.empty();
  const bool codes = !rule.dtmf_pause.empty() || !rule.dtmf_resume.empty() || !rule.dtmf_toggle.empty();
  const bool http = !rule.http_pause.empty() || !rule.http_resume.empty();
  return (values && (!rule.header.empty() || !rule.body_type.empty())) || codes || http || !rule.destination.empty() ||
         rule.destination_ip;
}

/// What other recorders call their header rules.
void read_preset(const Place& place, const toml::key& key, const toml::node& node, pause::MarkerRule& rule) {
  const bool voipmonitor = choice_of(place, key, node, {"voipmonitor", "orecx"}) == 0;
  const auto by_default = [](std::string& text, const char* value) {
    if (text.empty()) text = value;
  };
  if (voipmonitor) {
    by_default(rule.pause, "^pause$");
    by_default(rule.resume, ".*");
  } else {
    by_default(rule.header, "X-record");
  }
}

void check_marker(const Place& place, const toml::table& table, const pause::MarkerRule& rule) {
  if (!looks_at_something(rule)) {
    place.fail(table.source(),
               "[[marker]] needs \"header\" or \"body_type\" with \"pause\", \"resume\" or \"toggle\", or a dtmf_, "
               "http_ or destination key");
  }
  if (rule.resumes_by_itself && !rule.longest) place.fail(table.source(), "on_max = \"resume\" needs \"max\"");
  try {
    (void)pause::Markers({rule});
  } catch (const std::runtime_error& error) {
    place.fail(table.source(), error.what());
  }
}

void disable(const Place& place, const toml::node& node, const std::string& name, Config& config) {
  if (!pause::is_preset(name)) place.fail(node.source(), fmt::format("\"{}\" is no preset", name));
  std::erase_if(config.rules.pauses.markers, [&](const pause::MarkerRule& rule) { return rule.name == name; });
}

}  // namespace

void read_markers(const Place& place, const toml::array& tables, Config& config) {
  auto& markers = config.rules.pauses.markers;
  std::size_t number = 0;
  for (const auto& entry : tables) {
    const toml::table& table = *entry.as_table();
    ++number;
    pause::MarkerRule rule;
    for (const auto& [key, node] : table) {
      if (key != "preset") read_marker_key(place, key, node, rule);
    }
    for (const auto& [key, node] : table) {
      if (key == "preset") read_preset(place, key, node, rule);
    }
    check_marker(place, table, rule);
    if (rule.name.empty()) rule.name = fmt::format("marker {}", number);
    const bool taken =
        pause::is_preset(rule.name) || std::ranges::find(markers, rule.name, &pause::MarkerRule::name) != markers.end();
    if (taken) place.fail(table.source(), fmt::format("the name \"{}\" is taken", rule.name));
    markers.push_back(std::move(rule));
  }
}

void read_pause(const Place& place, const toml::table& table, Config& config) {
  calls::PauseRules& pauses = config.rules.pauses;
  for (const auto& [key, node] : table) {
    if (key == "delay") {
      pauses.delay = seconds_of(place, key, node, 1, kMostDelay);
    } else if (key == "keyed_digits") {
      pauses.keyed_digits = static_cast<std::size_t>(number_of(place, key, node, 0, kMostKeyed));
      config.recording.keyed_digits = pauses.keyed_digits;
    } else if (key == "controllers") {
      for (const std::string& text : texts_of(place, key, node))
        pauses.controllers.push_back(range_of(place, node, text));
    } else if (key == "text_ports") {
      pauses.text_ports = ports_of(place, key, node);
    } else if (key == "disable") {
      for (const std::string& name : texts_of(place, key, node)) disable(place, node, name, config);
    } else if (key == "fail_closed") {
      pauses.fail_closed = text_of(place, key, node);
      try {
        (void)Pattern("(?i)" + pauses.fail_closed);
      } catch (const std::runtime_error& error) {
        place.fail(node.source(), error.what());
      }
    } else if (key == "quarantine") {
      config.quarantine = flag_of(place, key, node);
    } else if (key != "max" && key != "on_max") {
      place.unknown(key, "[pause]");
    }
  }
}

void read_dtmf(const Place& place, const toml::table& table, Config& config) {
  for (const auto& [key, node] : table) {
    if (key != "digits") place.unknown(key, "[dtmf]");
    const std::size_t digits = choice_of(place, key, node, {"as-is", "no-digits", "all-digits"});
    config.recording.digits = static_cast<mux::Digits>(digits);
    config.rules.list_keys = config.recording.digits == mux::Digits::AllDigits;
  }
}

void settle_pauses(const Place& place, const toml::table& root, Config& config) {
  const toml::table* table = root["pause"].as_table();
  if (table == nullptr) return;
  std::optional<Duration> longest;
  bool resumes = false;
  for (const auto& [key, node] : *table) {
    if (key == "max") longest = seconds_of(place, key, node, 1, kMostPause);
    if (key == "on_max") resumes = choice_of(place, key, node, {"stay", "resume"}) == 1;
  }
  if (resumes && !longest) place.fail(table->source(), "on_max = \"resume\" needs \"max\"");
  if (!longest) return;
  for (pause::MarkerRule& rule : config.rules.pauses.markers) {
    if (rule.longest) continue;
    rule.longest = longest;
    rule.resumes_by_itself = resumes;
  }
}

}  // namespace tapestry::app
