#pragma once
#include <sys/stat.h>

#include <string>
#include <string_view>

namespace tapestry::web {

/// What tells one state of a file from another (RFC 9110 §8.8).
struct Validators {
  std::string etag;      ///< strong, with its quotes
  std::string modified;  ///< HTTP-date, UTC
};

/// From inode, size and time of change: what is there was moved there whole, and is never written again.
[[nodiscard]] Validators validators_of(const struct stat& status);

/// Whether an If-None-Match names the tag, by weak comparison (RFC 9110 §13.1.2).
[[nodiscard]] bool names_tag(std::string_view if_none_match, std::string_view etag) noexcept;

/// Whether an If-Range holds: the same strong tag, or the very date (RFC 9110 §13.1.5).
[[nodiscard]] bool is_unchanged(std::string_view if_range, const Validators& validators) noexcept;

}  // namespace tapestry::web
