#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "verify/verify.h"

namespace tapestry::verify {

/// faults_of() for a signed vCon that is in memory. Throws std::runtime_error only when options.ca cannot be read.
std::vector<std::string> faults_in(std::string_view signed_vcon, const Options& options);

/// The faults of an unsigned vCon: schema, lint, gaps, and media unless `media` is empty.
std::vector<std::string> faults_in_payload(std::string_view vcon, const std::filesystem::path& media);

}  // namespace tapestry::verify
