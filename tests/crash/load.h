#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "tests/support/sample_call.h"

namespace tapestry::crash {

/// Calls that begin and end all the time, on several lines at once.
struct Load {
  std::vector<testing::TimedFrame> frames;         ///< in order of time
  std::map<std::uint32_t, std::uint64_t> packets;  ///< of RTP, by SSRC
  std::size_t calls = 0;
};

/// So many seconds of calls of 5 to 12 seconds, without a packet missing. The same arguments give the same load.
Load load_of(double seconds, unsigned lines, std::uint64_t seed);

}  // namespace tapestry::crash
