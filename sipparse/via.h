#pragma once
#include <optional>
#include <string_view>

namespace tapestry::sip {

/// Top-most Via's branch parameter and sent-by, for telling transactions and hops apart (RFC 3261 §20.42).
struct Via {
  std::string_view transport;
  std::string_view sent_by;
  std::string_view branch;
};

/// Reads the first value of a Via header; nothing when there is no sent-by.
std::optional<Via> parse_via(std::string_view value) noexcept;

}  // namespace tapestry::sip
