#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "core/time.h"

namespace tapestry::app {

/// Where things lie below the output folder. Paths are relative to it, with `/`.

/// `2026/11/20`, UTC.
std::string date_folder(Time time);
/// `vcon/2026/11/20/<uuid>.vcon`
std::string vcon_path(Time start, std::string_view uuid);
inline constexpr std::string_view kVconFolder = "vcon";
/// The two places that media can be at: free, or waiting for somebody's release.
inline constexpr std::string_view kMediaFolder = "media";
inline constexpr std::string_view kQuarantineFolder = "quarantine";
/// `media/2026/11/20/<uuid>`, `root` being one of the two.
std::string media_folder(Time start, std::string_view uuid, std::string_view root = kMediaFolder);

/// File name for an agent's recording, without extension: `agent-1001` from `sip:1001@example.com`. Only
/// [A-Za-z0-9._+-], at most kMaxFileName characters; `agent` when the uri says nothing.
std::string recording_name(std::string_view uri);
inline constexpr std::size_t kMaxFileName = 40;

}  // namespace tapestry::app
