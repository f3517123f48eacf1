#include "app/config_sections.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "app/config.h"

namespace tapestry::app {
namespace {

toml::table table_of(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error&) {
    return {};
  }
}

/// Names and values, written in one way.
std::map<std::string, std::string> settings_of(std::string_view text) {
  std::map<std::string, std::string> settings;
  const auto add = [&settings](std::string name, const toml::node& node) {
    std::ostringstream value;
    node.visit([&value](const auto& one) { value << one; });
    settings.emplace(std::move(name), value.str());
  };
  for (const auto& [section, node] : table_of(text)) {
    const toml::table* const table = node.as_table();
    if (table == nullptr) add(std::string(section.str()), node);
    for (const auto& [key, value] : table == nullptr ? toml::table() : *table) {
      add(fmt::format("{}.{}", section.str(), key.str()), value);
    }
  }
  return settings;
}

}  // namespace

std::string config_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw ConfigError(fmt::format("{}: cannot be read", file.string()));
  return text;
}

std::vector<std::string> changed_settings(std::string_view before, std::string_view after) {
  const auto one = settings_of(before);
  const auto other = settings_of(after);
  std::set<std::string> changed;
  for (const auto* some : {&one, &other}) {
    for (const auto& [name, value] : *some) {
      const auto have = one.find(name);
      const auto now = other.find(name);
      const bool same = have != one.end() && now != other.end() && have->second == now->second;
      if (!same) changed.insert(name);
    }
  }
  return {changed.begin(), changed.end()};
}

}  // namespace tapestry::app
