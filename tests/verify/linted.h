#pragma once
#include <string>
#include <vector>

#include "sealed.h"

namespace tapestry::verify {

/// What the lint says of a vCon, and of the good vCon with one value replaced (added) or one member taken away.
[[nodiscard]] std::vector<std::string> lint_faults(const nlohmann::json& vcon);
[[nodiscard]] std::vector<std::string> lint_with(const std::string& pointer, const nlohmann::json& value);
[[nodiscard]] std::vector<std::string> lint_without(const std::string& pointer, const std::string& name);

}  // namespace tapestry::verify
