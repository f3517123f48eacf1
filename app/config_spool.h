#pragma once
#include "app/config_reader.h"

namespace tapestry::app {

/// [spool].
void read_spool(const Place& place, const toml::table& table, Config& config);

}  // namespace tapestry::app
