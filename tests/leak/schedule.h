#pragma once
#include <cstdint>
#include <string>

#include "tests/leak/secrets.h"
#include "tests/support/scenes/script.h"

namespace tapestry::leak {

/// A conversation, what its pauses carry, and how much of it.
struct Schedule {
  scenes::Scene scene;
  Pattern pattern{};
  unsigned patterned = 0;  ///< packets of RTP that carry the pattern
  unsigned cards = 0;      ///< times that the card number is said
  std::string story{};     ///< its markers and pauses, a line each, for people
};

/// A random conversation of one to four legs, 9 to 15 s long, whose pauses come by random rules, nested, repeated,
/// mirrored, refused, and some without a resume. The same for the same seed. `until_known`: nothing secret is said
/// before the recorder can know that it is to be paused, so that a recorder that dies at any time may have left
/// nothing.
Schedule schedule_of(std::uint64_t seed, bool until_known);

}  // namespace tapestry::leak
