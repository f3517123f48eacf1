#pragma once
#include <optional>
#include <string_view>

#include "core/time.h"

namespace tapestry::verify {

/// An RFC 3339 date-time in the normal form of RFC 8620 §1.4: upper-case T and Z, no fraction of zeros. Nothing for any
/// other text, and for years outside 1970..2199: the difference of any two such dates fits a Duration.
[[nodiscard]] std::optional<Time> normal_date(std::string_view text);

}  // namespace tapestry::verify
