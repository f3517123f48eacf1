#include "web/validators.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace tapestry::web {

Validators validators_of(const struct stat& status) {
  return {.etag = fmt::format("\"{:x}-{:x}-{:x}.{:x}\"", status.st_ino, status.st_size, status.st_mtim.tv_sec,
                              status.st_mtim.tv_nsec),
          .modified = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(status.st_mtim.tv_sec))};
}

bool names_tag(std::string_view if_none_match, std::string_view etag) noexcept {
  constexpr std::string_view kBetween = " \t,";
  while (!if_none_match.empty()) {
    const std::size_t begin = if_none_match.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) return false;
    if_none_match.remove_prefix(begin);
    if (if_none_match.front() == '*') return true;
    if (if_none_match.starts_with("W/")) if_none_match.remove_prefix(2);
    if (!if_none_match.starts_with('"')) return false;
    const std::size_t end = if_none_match.find('"', 1);
    if (end == std::string_view::npos) return false;
    if (if_none_match.substr(0, end + 1) == etag) return true;
    if_none_match.remove_prefix(end + 1);
  }
  return false;
}

bool is_unchanged(std::string_view if_range, const Validators& validators) noexcept {
  return if_range == validators.etag || if_range == validators.modified;
}

}  // namespace tapestry::web
