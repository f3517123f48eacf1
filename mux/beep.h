#pragma once
#include <cstdint>

#include "mux/position.h"

namespace tapestry::mux {

/// Where beeps are to be heard in what is silenced: at both ends of each interval that has room for two.
Intervals beeps_in(const Intervals& silenced, Rate rate);

/// A beep's sample `offset` samples after its begin: kBeepHertz, a tenth of full scale.
std::int16_t beep_sample(Position offset, Rate rate) noexcept;

}  // namespace tapestry::mux
