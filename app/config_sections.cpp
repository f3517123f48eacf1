#include "app/config_sections.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <iterator>
#include <set>

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

bool same(const toml::node* one, const toml::node* other) {
  if (one == nullptr || other == nullptr) return one == other;
  if (const toml::table* table = one->as_table()) return other->is_table() && *table == *other->as_table();
  if (const toml::array* array = one->as_array()) return other->is_array() && *array == *other->as_array();
  return false;
}

}  // namespace

std::string config_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw ConfigError(fmt::format("{}: cannot be read", file.string()));
  return text;
}

std::vector<std::string> changed_sections(std::string_view before, std::string_view after) {
  const toml::table one = table_of(before);
  const toml::table other = table_of(after);
  std::set<std::string> changed;
  for (const toml::table* table : {&one, &other}) {
    for (const auto& [key, node] : *table) {
      if (!same(one.get(key.str()), other.get(key.str()))) changed.emplace(key.str());
    }
  }
  return {changed.begin(), changed.end()};
}

}  // namespace tapestry::app
