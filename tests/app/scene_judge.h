#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/scenes/truth.h"

namespace tapestry::testing {

/// Every way, one sentence each, in which the vCons and media below `out` differ from the scene's truth; the rules are
/// those of ../shared/tools/judge.py, and that the vCons verify. The media must be WAV.
std::vector<std::string> faults_against(const scenes::Truth& truth, const std::filesystem::path& out);

}  // namespace tapestry::testing
