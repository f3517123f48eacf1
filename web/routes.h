#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "web/access.h"

namespace tapestry::web {

enum class Resource : std::uint8_t { Media, Conversations, Conversation, Status, Metrics, Calls, Pause, Resume };

/// A path that is answered, to GET and HEAD, or to POST with content. docs/openapi.yaml has the same ones; a test holds
/// both together.
struct Route {
  std::string_view path;  ///< `{name}` at its end stands for what follows
  Resource resource = Resource::Media;
  Right right = Right::Media;
  bool post = false;
};

[[nodiscard]] std::span<const Route> routes() noexcept;

struct Matched {
  const Route* route = nullptr;
  std::string rest;  ///< what `{name}` stands for
};

/// The route of a decoded path. Media are below `media_path`, which begins and ends with `/`; nothing when there is
/// none.
[[nodiscard]] std::optional<Matched> match(std::string_view path, std::string_view media_path);

}  // namespace tapestry::web
