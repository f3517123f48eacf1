#include "app/control_server.h"

#include <chrono>
#include <utility>

#include "web/pause_body.h"

namespace tapestry::app {

ControlServer::ControlServer(const std::filesystem::path& socket, ControlQueue& queue, ControlSite::Safe safe)
    : site_(queue, ControlSite::kPatience, std::move(safe)),
      listener_(socket),
      server_({.listener = listener_.descriptor(), .limits = kLimits, .most_body = web::kMostContent},
              [this](const web::Request& request) {
                return site_.answer(request, std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
              }) {}

}  // namespace tapestry::app
