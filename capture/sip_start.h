#pragma once
#include <cstddef>
#include <string_view>

namespace tapestry::capture {

/// So many characters are enough to tell.
inline constexpr std::size_t kSipStart = 22;

/// Whether the text begins like a SIP message: a status line, or a method and a URI that SIP uses.
[[nodiscard]] bool begins_like_sip(std::string_view text) noexcept;

}  // namespace tapestry::capture
