#pragma once
#include <toml++/toml.h>

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "app/config.h"
#include "core/time.h"

// What the readers of the configuration's sections share. TOML's own types appear in these files alone.
namespace tapestry::app {

/// What every reader needs to say where an error is. All functions here throw ConfigError with file, line and column.
struct Place {
  std::string_view name;
  std::filesystem::path folder;

  [[noreturn]] void fail(const toml::source_region& where, std::string_view what) const;
  [[noreturn]] void unknown(const toml::key& key, std::string_view section) const;
};

const toml::table& table_of(const Place& place, const toml::key& key, const toml::node& node);
const toml::array& tables_of(const Place& place, const toml::key& key, const toml::node& node);
std::string text_of(const Place& place, const toml::key& key, const toml::node& node);
/// A path, below the configuration's folder unless it is absolute; what begins with kCredential stays as it is. Never
/// empty.
std::filesystem::path path_of(const Place& place, const toml::key& key, const toml::node& node);
bool flag_of(const Place& place, const toml::key& key, const toml::node& node);
int number_of(const Place& place, const toml::key& key, const toml::node& node, int lowest, int highest);
/// Seconds, with or without a fraction.
Duration seconds_of(const Place& place, const toml::key& key, const toml::node& node, int lowest, int highest);
std::vector<std::string> texts_of(const Place& place, const toml::key& key, const toml::node& node);
/// `0.0.0.0:8443`, `[::]:8443`; nothing when the text is none of these.
std::optional<Endpoint> parse_endpoint(std::string_view text);
/// The position in `words` of a string value; the error names them all.
std::size_t choice_of(const Place& place, const toml::key& key, const toml::node& node,
                      std::initializer_list<std::string_view> words);

}  // namespace tapestry::app
