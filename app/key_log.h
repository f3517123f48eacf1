#pragma once
#include <optional>

#include "app/config.h"
#include "tls/key_log.h"

namespace tapestry::app {

/// Makes `keys` watch the configured key log; none stays none. Throws ConfigError when the file cannot be read.
void open_key_log(const Config& config, std::optional<tls::KeyLog>& keys);

}  // namespace tapestry::app
