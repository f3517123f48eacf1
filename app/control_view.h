#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace tapestry::app {

/// /v1/status of a control socket for a person: a line for each kind of thing. Throws nlohmann::json::exception when it
/// is something else.
[[nodiscard]] std::string status_text(const nlohmann::ordered_json& status);

/// `calls` of /v1/calls as a table. Throws as above.
[[nodiscard]] std::string calls_table(const nlohmann::ordered_json& calls);

}  // namespace tapestry::app
