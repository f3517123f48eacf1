#pragma once
#include <optional>
#include <string>
#include <vector>

namespace tapestry::bench {

/// One line of the table. `judged` is what the target speaks of: a ratio to the floor, or `ours`.
struct Result {
  std::string name;
  std::string unit;
  double ours = 0;
  std::optional<double> floor;
  double judged = 0;
  double target = 0;
  bool at_least = false;  ///< the target is a lower bound

  [[nodiscard]] double ratio() const { return floor ? ours / *floor : 0; }
  [[nodiscard]] bool ok() const noexcept { return at_least ? judged >= target : judged <= target; }
};

/// Where and when results came about.
struct Circumstances {
  std::string date;
  std::string cpu;
  unsigned threads = 0;
};
Circumstances circumstances();

std::string to_table(const Circumstances& where, const std::vector<Result>& results);
std::string to_json(const Circumstances& where, const std::vector<Result>& results);

}  // namespace tapestry::bench
