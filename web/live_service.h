#pragma once
#include <functional>
#include <string>

namespace tapestry::web {

/// What a site asks the running service, in the words of its control socket (docs/control.md).
struct LiveRequest {
  std::string method;  ///< `GET` or `POST`
  std::string target;
  std::string body{};  ///< JSON; empty: none
  std::string by{};    ///< who wants it, for the audit log
};

struct LiveAnswer {
  unsigned status = 0;
  std::string body;  ///< JSON, or /metrics' text
};

/// Any thread. Throws std::runtime_error when there is no service, or it does not answer in time.
using LiveService = std::function<LiveAnswer(const LiveRequest&)>;

}  // namespace tapestry::web
