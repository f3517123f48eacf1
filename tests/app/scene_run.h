#pragma once
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/sample_call.h"
#include "tests/support/scenes/script.h"

namespace tapestry::testing {

/// Replays the scene into `folder`/out, where stdout.json and stderr.txt hold what was printed. What went wrong, by the
/// exit status; empty when nothing.
std::string record(const scenes::Scene& scene, const std::filesystem::path& folder);

/// record(), and what is in the vCons below `folder`/out then, by uuid. Checks that all of them verify.
std::map<std::string, nlohmann::json> vcons_of(const scenes::Scene& scene, const std::filesystem::path& folder);

/// Records the scene of that name (tests/support/scenes/scenes.h) in a temporary folder and judges it.
std::vector<std::string> faults_of(std::string_view scene);

/// Records the captures as they are, named in that order, under a scene's configuration. Payloads of the vCons, sorted.
std::vector<std::string> payloads_of(const std::string& configuration,
                                     const std::vector<std::vector<TimedFrame>>& captures);

}  // namespace tapestry::testing
