#pragma once
#include "app/config_reader.h"

namespace tapestry::app {

/// [[retention]].
void read_retention(const Place& place, const toml::array& tables, Config& config);

}  // namespace tapestry::app
