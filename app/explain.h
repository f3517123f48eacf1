#pragma once
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"

namespace tapestry::app {

/// Why the calls of an unsigned vCon (JSON text) were made one conversation, or others left out: each piece of evidence
/// with its kind and strength. Safe for a terminal whatever the vCon says. Throws std::runtime_error when it is no
/// vCon.
std::string explain_vcon(std::string_view vcon);

/// The same for every conversation of captures, in order of closing; nothing is written. Returns the exit status: 1
/// when a capture is damaged, which `err` tells. Throws ConfigError and std::runtime_error as a replay does.
int explain_captures(const std::vector<std::string>& captures, const Config& config, std::ostream& out,
                     std::ostream& err);

/// Whether the file is a vCon rather than a capture: its first character is a brace.
bool is_vcon(const std::string& file);

}  // namespace tapestry::app
