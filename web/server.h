#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "web/message.h"

namespace tapestry::web {

/// Bounds of what clients can make the server hold.
struct ServerLimits {
  unsigned connections = 256;             ///< at once; further ones are closed as they come
  unsigned connections_per_address = 64;  ///< of one client address
  std::chrono::seconds idle{20};          ///< without an octet in either direction; then the connection is closed
};

struct ServerSettings {
  int listener = -1;          ///< a listening socket; must stay open as long as the server lives
  std::string certificate{};  ///< PEM, with its chain; empty: plain HTTP
  std::string key{};          ///< PEM; not read after the start
  std::string client_ca{};    ///< PEM; empty: clients are not asked for a certificate
  ServerLimits limits{};
  std::size_t most_body = 0;  ///< octets of a request's content that are read; Request::body tells what is not
};

/// HTTP/1.1 over TLS 1.2 and 1.3, or in the clear, until it is destroyed. Connections that are open then are closed.
class Server {
 public:
  /// `answer` is called from several threads and must not throw. Throws std::runtime_error when the server cannot
  /// start, for one because certificate and key do not fit.
  Server(const ServerSettings& settings, std::function<Response(const Request&)> answer);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Takes no new connection from now on; those that are open go on. The listening socket stays open, for another one.
  void refuse_new() noexcept;
  /// Connections that are open.
  [[nodiscard]] unsigned connections() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::web
