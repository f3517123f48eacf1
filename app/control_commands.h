#pragma once
#include <filesystem>
#include <optional>
#include <ostream>

#include "web/pause_body.h"

// What the command line asks of a running service.
namespace tapestry::app {

struct WatchSettings {
  std::filesystem::path socket;
  bool json = false;
  std::optional<unsigned> every{};  ///< seconds; none: once. Else until the process is stopped
  bool clears = false;              ///< the terminal is cleared before each
};

/// `tapestry status`. Returns 0. Throws std::runtime_error when no service answers.
int show_status(const WatchSettings& settings, std::ostream& out);

/// `tapestry calls`: the conversations that go on. As show_status().
int show_calls(const WatchSettings& settings, std::ostream& out);

/// `tapestry pause` and `tapestry resume`: 0 when it is effective, 1 (with the reason on `err`) when not. Throws
/// ConfigError when the body cannot be right, std::runtime_error when no service answers.
int command_pause(const std::filesystem::path& socket, const web::PauseBody& body, bool is_resume, std::ostream& out,
                  std::ostream& err);

}  // namespace tapestry::app
