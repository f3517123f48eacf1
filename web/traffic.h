#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace tapestry::web {

/// What was answered since the start. Any thread.
class Traffic {
 public:
  /// `route` is a route's path, or `none`; so the table is bounded by routes and status codes. `bytes` of the body.
  void add(std::string_view route, unsigned status, std::uint64_t bytes);
  [[nodiscard]] std::uint64_t requests() const;
  /// The Prometheus text format 0.0.4 of all counters.
  [[nodiscard]] std::string to_prometheus() const;

 private:
  struct Sum {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, unsigned>, Sum> sums_;
};

}  // namespace tapestry::web
