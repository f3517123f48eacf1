#pragma once
#include <filesystem>
#include <ostream>
#include <string>

#include "app/config.h"
#include "vconout/signer.h"

namespace tapestry::app {

/// The signer of the configuration; without one, the trial identity in `out`/keys, made the first time (and told on
/// `err`).
vconout::Signer open_signer(const Config& config, const std::filesystem::path& out, std::ostream& err);

}  // namespace tapestry::app
