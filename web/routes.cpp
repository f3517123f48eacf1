#include "web/routes.h"

#include <array>

namespace tapestry::web {
namespace {

// Media last: their path is configured, and may hold the others'.
constexpr std::array kRoutes{Route{"/v1/conversations", Resource::Conversations, Right::Conversations},
                             Route{"/v1/conversations/{uuid}", Resource::Conversation, Right::Conversations},
                             Route{"/v1/status", Resource::Status, Right::Metrics},
                             Route{"/metrics", Resource::Metrics, Right::Metrics},
                             Route{"/v1/calls", Resource::Calls, Right::Conversations},
                             Route{"/v1/pause", Resource::Pause, Right::Control, true},
                             Route{"/v1/resume", Resource::Resume, Right::Control, true},
                             Route{"/media/{path}", Resource::Media, Right::Media}};

}  // namespace

std::span<const Route> routes() noexcept { return kRoutes; }

std::optional<Matched> match(std::string_view path, std::string_view media_path) {
  for (const Route& route : kRoutes) {
    const std::size_t brace = route.path.find('{');
    const std::string_view fixed = route.resource == Resource::Media ? media_path : route.path.substr(0, brace);
    if (brace == std::string_view::npos ? path == fixed : path.size() > fixed.size() && path.starts_with(fixed)) {
      return Matched{.route = &route, .rest = std::string(path.substr(fixed.size()))};
    }
  }
  return std::nullopt;
}

}  // namespace tapestry::web
