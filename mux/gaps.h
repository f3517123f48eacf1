#pragma once
#include <array>
#include <vector>

#include "calls/interaction.h"
#include "mux/position.h"
#include "mux/voice.h"

namespace tapestry::mux {

/// Most gaps of one recording; more are joined over ever longer sound between them.
constexpr std::size_t kMaxGaps = 10'000;

/// Where the plan wants silence on a channel whatever is there: its pauses. (Held streams are in no stretch.)
Intervals silenced(const calls::RecordingPlan& plan, int channel, Position samples, Rate rate);

/// The plan's gaps and those that the voices' timelines tell: losses longer than `shortest_loss`, codecs without a
/// decoder, a sender who came late, stopped or never was there. What the plan explains is not explained again. In order
/// of start.
std::vector<calls::Gap> find_gaps(const calls::RecordingPlan& plan, const std::array<std::vector<Voice>, 2>& channels,
                                  Position samples, Rate rate, Duration shortest_loss);

}  // namespace tapestry::mux
