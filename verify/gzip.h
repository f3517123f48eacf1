#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::verify {

/// Whether `data` begins like a gzip file (RFC 1952 §2.3.1).
[[nodiscard]] bool is_gzip(std::string_view data) noexcept;

/// The one gzip member that `data` is; nothing when it is broken, anything follows it, or it grows beyond `max_bytes`.
[[nodiscard]] std::optional<std::string> gunzip(std::string_view data, std::size_t max_bytes);

}  // namespace tapestry::verify
