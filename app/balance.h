#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/counter.h"

namespace tapestry::app {

/// What became of all frames. While a recorder runs, fragments wait for the rest of their packets; at the end none do.
struct Balance {
  struct Kind {
    std::string name;
    std::uint64_t frames = 0;
  };
  std::uint64_t received = 0;  ///< came to where they were captured, those that were lost there included
  std::uint64_t used = 0;
  std::uint64_t duplicates = 0;  ///< copies of what was used
  std::vector<Kind> ignored{};   ///< by kind
  std::uint64_t dropped = 0;     ///< there was no room or time to read them, or to wait for the rest of their packet
  std::uint64_t waiting = 0;
  /// received less all others: frames that nobody knows the end of. Anything but 0 is a fault of ours.
  std::int64_t difference = 0;
};

/// From the counters of all stages and captures, by their names.
[[nodiscard]] Balance balance_of(const Counters& counters);

/// `ignored` is an object: kinds by name.
[[nodiscard]] nlohmann::ordered_json to_json(const Balance& balance);

}  // namespace tapestry::app
