#include "mux/silence_gate.h"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

namespace tapestry::mux {
namespace {

std::vector<std::int16_t> frame_with(std::int16_t one) {
  std::vector<std::int16_t> frame(160);
  frame[77] = one;
  return frame;
}

}  // namespace

TEST_CASE("the gate is open at first, and opens again at the very frame that is not silent") {
  SilenceGate gate;
  for (int i = 0; i < SilenceGate::kHangover; ++i) CHECK(gate.passes(frame_with(0)));
  CHECK_FALSE(gate.passes(frame_with(0)));
  CHECK_FALSE(gate.passes(frame_with(SilenceGate::kFloor)));
  CHECK_FALSE(gate.passes(frame_with(-SilenceGate::kFloor)));
  CHECK(gate.passes(frame_with(-SilenceGate::kFloor - 1)));
}

TEST_CASE("the gate closes after 300 ms of silence, not of pauses in between") {
  SilenceGate gate;
  for (int word = 0; word < 3; ++word) {
    CHECK(gate.passes(frame_with(SilenceGate::kFloor + 1)));
    for (int i = 0; i < SilenceGate::kHangover; ++i) CHECK(gate.passes(frame_with(0)));
  }
  for (int i = 0; i < 5; ++i) CHECK_FALSE(gate.passes(frame_with(0)));
  CHECK(gate.passes(frame_with(std::numeric_limits<std::int16_t>::min())));
}

}  // namespace tapestry::mux
