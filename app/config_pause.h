#pragma once
#include "app/config_reader.h"

namespace tapestry::app {

/// [[marker]]: each is a pause rule. Throws ConfigError.
void read_markers(const Place& place, const toml::array& tables, Config& config);
/// [pause]. Throws ConfigError.
void read_pause(const Place& place, const toml::table& table, Config& config);
/// [dtmf]. Throws ConfigError.
void read_dtmf(const Place& place, const toml::table& table, Config& config);
/// All was read: what one section says of the rules of another. Throws ConfigError.
void settle_pauses(const Place& place, const toml::table& root, Config& config);

}  // namespace tapestry::app
