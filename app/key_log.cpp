#include "app/key_log.h"

#include <stdexcept>

namespace tapestry::app {

void open_key_log(const Config& config, std::optional<tls::KeyLog>& keys) {
  if (config.key_log.empty()) return;
  try {
    keys.emplace(config.key_log_secrets).watch(config.key_log);
  } catch (const std::runtime_error& error) {
    throw ConfigError(error.what());
  }
}

}  // namespace tapestry::app
