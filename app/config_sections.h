#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::app {

/// The text of a configuration file. Throws ConfigError when it cannot be read.
std::string config_text(const std::filesystem::path& file);

/// Settings (`recording.format`) and lists of tables (`party`) that differ between two configurations, sorted; comments
/// and layout are no difference. A text that is no TOML differs in all that the other has.
std::vector<std::string> changed_settings(std::string_view before, std::string_view after);

}  // namespace tapestry::app
