#pragma once
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "mux/position.h"

namespace tapestry::mux {

/// Longest loss that is concealed. More would be invented speech.
constexpr Duration kMaxConceal = std::chrono::milliseconds(60);

/// Appends `count` samples that continue `before` (20 ms or so): its last pitch period over and over, fading to nothing
/// within kMaxConceal. Silence when there is nothing before.
void conceal(std::span<const std::int16_t> before, std::size_t count, Rate rate, std::vector<std::int16_t>& out);

}  // namespace tapestry::mux
