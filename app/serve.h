#pragma once
#include <filesystem>
#include <ostream>

#include "app/config.h"

namespace tapestry::app {

/// What `tapestry serve` needs to know beside its configuration.
struct ServeCommand {
  std::filesystem::path out;  ///< the output folder
  Config config;
  std::string version;
  std::filesystem::path file{};         ///< the configuration's, for SIGHUP; empty: there is none
  std::filesystem::path credentials{};  ///< find_credentials()
};

/// `tapestry serve`: answers until SIGTERM or SIGINT comes, then returns 0. A line on `out` tells where, with the port
/// that was chosen for port 0; what fails meanwhile is told on `err`. SIGHUP has the configuration and its files read
/// again (WebService::reload). All three signals are blocked from then on. Throws ConfigError when nobody could ask for
/// anything, std::runtime_error when it cannot start.
int serve(const ServeCommand& command, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
