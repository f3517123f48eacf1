#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::testing {

/// Records the scene of that name (tests/support/scenes/scenes.h) in a temporary folder and judges it.
std::vector<std::string> faults_of(std::string_view scene);

}  // namespace tapestry::testing
