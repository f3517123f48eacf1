#pragma once
#include <string_view>
#include <vector>

#include "pause/marker_rule.h"

namespace tapestry::pause {

/// The rules that are known by themselves and mean nothing else: `record-attribute`, `record-preference`,
/// `info-record`, `audiocodes`, `msml`, `feature-referral`, `siprec`, `control-channel`. Sources: DESIGN.md.
std::vector<MarkerRule> presets();

/// Whether a preset has that name.
bool is_preset(std::string_view name);

}  // namespace tapestry::pause
