#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/config.h"

namespace tapestry::app {

/// What a new text of the configuration changes while `tapestry run` goes on. Settings are told as `section.key`, lists
/// of tables by their name (`party`).
struct Reload {
  Config config;                         ///< the new one
  std::vector<std::string> taken{};      ///< count from now on
  std::vector<std::string> restart{};    ///< count from the next start on
  std::vector<std::string> elsewhere{};  ///< are other commands'
};

/// Texts of the configuration while the recorder runs.
struct ConfigTexts {
  std::string started;  ///< at the start
  std::string now;      ///< what was taken last
};

/// Compares the new text with these, setting by setting: what waits for a restart is told each time. Throws ConfigError
/// when the new one is wrong: then the old one goes on.
[[nodiscard]] Reload read_again(const ConfigTexts& before, const std::string& after, const std::filesystem::path& file);

/// `configuration read again; from now on: party, ...`, with all that changed.
[[nodiscard]] std::string line_of(const Reload& reload);

}  // namespace tapestry::app
