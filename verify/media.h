#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

#include "verify/faults.h"
#include "verify/gaps.h"
#include "verify/json.h"

namespace tapestry::verify {

inline constexpr std::size_t kMaxMediaFiles = 10'000;  ///< decoded for one vCon
inline constexpr std::size_t kMaxUrlParts = 64;

/// The longest tail of the https URL's path that is a file below `root`; nothing when there is none, or when the path
/// has `..`, NUL or more than kMaxUrlParts parts.
[[nodiscard]] std::optional<std::filesystem::path> find_media(std::string_view url, const std::filesystem::path& root);

/// Checks every dialog's external media: found below `root`, SHA-512, decodes, length within 0.10 s of duration,
/// channels as many as a list of parties, and silent (peak ≤ 8 of 32768, 40 ms of ringing at each edge) where
/// `silences` says.
void check_media(Json vcon, const std::filesystem::path& root, const Silences& silences, Faults& faults);

}  // namespace tapestry::verify
