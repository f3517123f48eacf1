#pragma once
#include "app/config_reader.h"

namespace tapestry::app {

/// [serve]. Throws ConfigError.
void read_serve(const Place& place, const toml::table& table, Config& config);
/// [control]. Throws ConfigError.
void read_control(const Place& place, const toml::table& table, Config& config);
/// [[token]]: who may ask `tapestry serve` for what. Throws ConfigError.
void read_tokens(const Place& place, const toml::array& tables, Config& config);

}  // namespace tapestry::app
