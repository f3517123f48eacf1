#pragma once
#include <expected>
#include <optional>

#include "web/message.h"
#include "web/pause_body.h"
#include "web/routes.h"
#include "web/target.h"

// What is the same whoever answers.
namespace tapestry::web {

/// Octets of a request's line and fields that are read; more is refused (RFC 6585 §5).
inline constexpr std::size_t kMostHead = 16U << 10U;

/// What is wrong with a request whoever sends it; nothing when all is well. `route`: null when there is none for the
/// target.
[[nodiscard]] std::optional<Response> malformed(const Request& request, const std::optional<Target>& target,
                                                const Route* route);
[[nodiscard]] Response not_found();
/// 405 when the route is not for the request's method.
[[nodiscard]] std::optional<Response> wrong_method(const Request& request, const Route& route);
/// The content of a request for Resource::Pause or Resume, or the answer that says what is wrong with it.
[[nodiscard]] std::expected<PauseBody, Response> pause_body_of(const Request& request, Resource resource);

/// The same for browsers on every answer.
void add_guards(const Request& request, Response& response);

}  // namespace tapestry::web
