#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::web {

/// Octets of a request target; a longer one is refused (RFC 9110 §15.5.15).
inline constexpr std::size_t kMostTarget = 4096;
/// Parameters of a query.
inline constexpr std::size_t kMostParameters = 16;

/// A request target, taken apart and percent-decoded.
struct Target {
  std::string path;  ///< begins with `/`
  std::map<std::string, std::string, std::less<>> query;
};

/// Reads an origin-form or absolute-form target (RFC 9112 §3.2). A `+` is a plus. Nothing when it is neither, has a bad
/// percent-encoding, a control character, a parameter twice, or more than the bounds above.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

/// `text` without its query: what of a target may be written down.
[[nodiscard]] std::string_view without_query(std::string_view text) noexcept;

}  // namespace tapestry::web
