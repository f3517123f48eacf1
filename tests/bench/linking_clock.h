#pragma once
#include <cstdint>

namespace tapestry::bench {

/// What the calls of the correlator's Linker have taken so far, where CMakeLists.txt puts a clock around them.
struct LinkingTime {
  double cpu_seconds = 0;    ///< without what looking at the clock takes
  double clock_seconds = 0;  ///< what looking at the clock took
  std::uint64_t calls = 0;
};
LinkingTime linking_time();

}  // namespace tapestry::bench
