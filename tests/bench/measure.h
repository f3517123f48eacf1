#pragma once
#include <string>
#include <vector>

namespace tapestry::bench {

/// CPU seconds that this process has used so far, all threads, user and system.
double cpu_seconds();

/// The middle value; the mean of the middle two of an even count. At least one value.
double median(std::vector<double> values);

/// What a finished child used.
struct ChildUse {
  double cpu_seconds = 0;     ///< user and system
  double peak_megabytes = 0;  ///< largest resident set, in 10^6 bytes; never below this process's own when it started
};

/// Runs a program to its end with its standard output thrown away. Throws std::runtime_error when it cannot be started
/// or fails.
ChildUse run_child(const std::vector<std::string>& command);

}  // namespace tapestry::bench
