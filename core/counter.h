#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace tapestry {

/// One number that a stage counts, under the name that reports and metrics show (`sip.messages`, `capture.snapped`).
struct Counter {
  std::string_view name;  ///< a literal
  std::uint64_t value = 0;
};
using Counters = std::vector<Counter>;

}  // namespace tapestry
