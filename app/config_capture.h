#pragma once
#include "app/config_reader.h"

namespace tapestry::app {

/// [[capture]]: where `tapestry run` captures. Throws ConfigError.
void read_captures(const Place& place, const toml::array& tables, Config& config);

}  // namespace tapestry::app
