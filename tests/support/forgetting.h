#pragma once
#include <cstdint>

#include "calls/correlator.h"

namespace tapestry::testing {

/// Takes what the correlator decides and forgets it.
struct Forgetting final : calls::Output {
  std::uint64_t kept = 0;  ///< packets
  void keep(calls::TrackId, const rtp::Chunk& chunk) override { kept += chunk.packets(); }
  void discard(calls::TrackId) override {}
  void closed(calls::Interaction&&) override {}
  void erase(calls::TrackId, Time, Time) override {}
  void marker(const calls::MarkerReport&) override {}
  void advanced(Time) override {}
  void stream_ended(const calls::StreamReport&) override {}
};

}  // namespace tapestry::testing
