#pragma once
#include <filesystem>

#include "web/live_service.h"

namespace tapestry::app {

/// Octets of an answer that are taken.
inline constexpr std::size_t kMostAnswer = 4U << 20U;

/// Asks a control socket. Throws std::runtime_error that names it when nobody answers there within some seconds, or
/// the answer is too long. Any thread.
[[nodiscard]] web::LiveAnswer ask_control(const std::filesystem::path& socket, const web::LiveRequest& request);

}  // namespace tapestry::app
