#pragma once
#include <string_view>

#include "calls/interaction.h"

namespace tapestry::calls {

/// What a gap is called wherever it is told: its reason's name, or `policy` when a pause asked for it whose own reason
/// is not `pci`.
std::string_view name_of(const Gap& gap) noexcept;

}  // namespace tapestry::calls
