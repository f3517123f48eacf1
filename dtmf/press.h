#pragma once
#include "core/time.h"

namespace tapestry::dtmf {

/// A key of a telephone's keypad, held from `start` to `end` in packet time. A secret: digits may be a card's number.
struct Press {
  char key = 0;  ///< `0` to `9`, `*`, `#`, `A` to `D`
  Time start;
  Time end;
};

}  // namespace tapestry::dtmf
