#include "web/traffic.h"

#include <fmt/format.h>

#include <iterator>

namespace tapestry::web {

void Traffic::add(std::string_view route, unsigned status, std::uint64_t bytes) {
  const std::scoped_lock locked(mutex_);
  Sum& sum = sums_[{std::string(route), status}];
  ++sum.requests;
  sum.bytes += bytes;
}

std::uint64_t Traffic::requests() const {
  const std::scoped_lock locked(mutex_);
  std::uint64_t all = 0;
  for (const auto& [key, sum] : sums_) all += sum.requests;
  return all;
}

std::string Traffic::to_prometheus() const {
  const std::scoped_lock locked(mutex_);
  std::string text =
      "# HELP tapestry_http_requests_total Requests that were answered.\n"
      "# TYPE tapestry_http_requests_total counter\n";
  for (const auto& [key, sum] : sums_) {
    fmt::format_to(std::back_inserter(text), "tapestry_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                   key.first, key.second, sum.requests);
  }
  text +=
      "# HELP tapestry_http_body_bytes_total Octets of the bodies of answers, as they were begun.\n"
      "# TYPE tapestry_http_body_bytes_total counter\n";
  for (const auto& [key, sum] : sums_) {
    fmt::format_to(std::back_inserter(text), "tapestry_http_body_bytes_total{{route=\"{}\",status=\"{}\"}} {}\n",
                   key.first, key.second, sum.bytes);
  }
  return text;
}

}  // namespace tapestry::web
