#pragma once
#include <filesystem>
#include <string>

#include "core/address.h"
#include "vconout/file.h"

namespace tapestry::web {

/// A socket that waits for connections. Throws std::system_error that names the address when it cannot.
class Listener {
 public:
  /// TCP; port 0: the system chooses one, see port().
  explicit Listener(const Endpoint& endpoint);
  /// A Unix socket with mode 0660, which is taken away at the end. One that nobody listens on any more is replaced.
  explicit Listener(const std::filesystem::path& path);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return socket_.descriptor(); }
  /// 0 on a Unix socket.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  vconout::File socket_;
  std::uint16_t port_ = 0;
  std::filesystem::path path_;  ///< empty: TCP
};

}  // namespace tapestry::web
