#pragma once
#include <string>
#include <string_view>

namespace tapestry::verify {

/// `text` as one gzip member.
[[nodiscard]] std::string gzipped(std::string_view text);

}  // namespace tapestry::verify
