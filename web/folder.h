#pragma once
#include <memory>
#include <string_view>

#include "vconout/file.h"

namespace tapestry::web {

/// Octets of a path below a folder, and of names in it.
inline constexpr std::size_t kMostPath = 1024;
inline constexpr std::size_t kMostNames = 16;

/// Whether a path can name something below a folder that is served: names divided by single `/`, none empty or hidden
/// (`.`, `..`, `.name`), no control character or backslash, within the bounds above.
[[nodiscard]] bool is_safe_path(std::string_view path) noexcept;

/// Opens the regular file `path` below `folder`, for reading. No name on the way may be a symbolic link; `folder`
/// itself may. Null when there is none, it is no regular file, or may not be read. Throws std::system_error when the
/// system fails. Any thread.
[[nodiscard]] std::unique_ptr<vconout::File> open_below(const std::filesystem::path& folder, std::string_view path);

}  // namespace tapestry::web
