#include "app/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tapestry::app {

void Place::fail(const toml::source_region& where, std::string_view what) const {
  throw ConfigError(fmt::format("{}:{}:{}: {}", name, where.begin.line, where.begin.column, what));
}

void Place::unknown(const toml::key& key, std::string_view section) const {
  fail(key.source(), fmt::format("unknown key \"{}\" in {}", key.str(), section));
}

const toml::table& table_of(const Place& place, const toml::key& key, const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) place.fail(node.source(), fmt::format("\"{}\" must be a table, [{}]", key.str(), key.str()));
  return *table;
}

std::string text_of(const Place& place, const toml::key& key, const toml::node& node) {
  const auto* value = node.as_string();
  if (value == nullptr) place.fail(node.source(), fmt::format("\"{}\" must be a string", key.str()));
  return value->get();
}

std::filesystem::path path_of(const Place& place, const toml::key& key, const toml::node& node) {
  const std::string text = text_of(place, key, node);
  if (text.empty()) place.fail(node.source(), fmt::format("\"{}\" must name a file", key.str()));
  if (!text.starts_with(kCredential)) return place.folder / text;
  const std::string_view name = std::string_view(text).substr(kCredential.size());
  if (name.empty() || name.find('/') != std::string_view::npos || name == "." || name == "..") {
    place.fail(node.source(), fmt::format("\"{}\" must be {}NAME", key.str(), kCredential));
  }
  return text;
}

bool flag_of(const Place& place, const toml::key& key, const toml::node& node) {
  const auto* value = node.as_boolean();
  if (value == nullptr) place.fail(node.source(), fmt::format("\"{}\" must be true or false", key.str()));
  return value->get();
}

int number_of(const Place& place, const toml::key& key, const toml::node& node, int lowest, int highest) {
  const auto* value = node.as_integer();
  if (value == nullptr || value->get() < lowest || value->get() > highest) {
    place.fail(node.source(), fmt::format("\"{}\" must be a whole number from {} to {}", key.str(), lowest, highest));
  }
  return static_cast<int>(value->get());
}

std::size_t choice_of(const Place& place, const toml::key& key, const toml::node& node,
                      std::initializer_list<std::string_view> words) {
  const std::string text = text_of(place, key, node);
  const auto* found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) {
    place.fail(node.source(), fmt::format("\"{}\" must be one of {}", key.str(), fmt::join(words, ", ")));
  }
  return static_cast<std::size_t>(found - words.begin());
}

const toml::array& tables_of(const Place& place, const toml::key& key, const toml::node& node) {
  const auto* array = node.as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
    place.fail(node.source(), fmt::format("\"{}\" must be written as [[{}]]", key.str(), key.str()));
  }
  return *array;
}

Duration seconds_of(const Place& place, const toml::key& key, const toml::node& node, int lowest, int highest) {
  const auto value = node.value<double>();
  if (!node.is_number() || !value || !(*value >= lowest && *value <= highest)) {
    place.fail(node.source(), fmt::format("\"{}\" must be seconds from {} to {}", key.str(), lowest, highest));
  }
  return std::chrono::duration_cast<Duration>(std::chrono::milliseconds(std::llround(*value * 1000)));
}

std::vector<std::string> texts_of(const Place& place, const toml::key& key, const toml::node& node) {
  const auto* array = node.as_array();
  if (array == nullptr) place.fail(node.source(), fmt::format("\"{}\" must be a list of strings", key.str()));
  std::vector<std::string> texts;
  for (const auto& entry : *array) texts.push_back(text_of(place, key, entry));
  return texts;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bare_v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  const auto ip = IpAddress::parse(host);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (bare_v6 || !ip || error != std::errc{} || digits.empty() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return Endpoint{*ip, port};
}

}  // namespace tapestry::app
