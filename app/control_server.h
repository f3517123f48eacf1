#pragma once
#include <filesystem>

#include "app/control_site.h"
#include "web/listener.h"
#include "web/server.h"

namespace tapestry::app {

/// Where the control socket is when nothing else is said.
inline constexpr std::string_view kControlSocket = "/run/tapestry/control.sock";

/// The control socket of a running service: HTTP on a Unix socket, mode 0660. Its threads end with it; close the queue
/// before.
class ControlServer {
 public:
  /// Connections at once, and how long one may say nothing.
  static constexpr web::ServerLimits kLimits{
      .connections = 32, .connections_per_address = 32, .idle = std::chrono::seconds(10)};

  /// Listens from here on. `queue` outlives it; `safe` is ControlSite's. Throws std::runtime_error when it cannot.
  ControlServer(const std::filesystem::path& socket, ControlQueue& queue, ControlSite::Safe safe = {});

 private:
  ControlSite site_;
  web::Listener listener_;
  web::Server server_;
};

}  // namespace tapestry::app
