#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <ostream>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "app/reload.h"
#include "app/serve.h"
#include "web/access_log.h"
#include "web/listener.h"
#include "web/server.h"
#include "web/site.h"

namespace tapestry::app {

/// What `tapestry serve` is while it answers: a listening socket, who answers there, and what is answered. One thread,
/// beside those of the servers.
class WebService {
 public:
  /// Throws ConfigError when nothing is to be served, or nobody could ask for anything.
  static void check(const Config& config);

  /// Answers from now on, and tells where on `out`. Both streams outlive it. Throws ConfigError, or std::runtime_error
  /// when it cannot start.
  WebService(const ServeCommand& command, std::ostream& out, std::ostream& err);

  /// Reads the configuration and the files that it names again. Tokens, roles and the path of base_url count from the
  /// next request on, whatever its connection; certificate, key, client CA and bounds for new connections. Open ones go
  /// on until their clients close them or are idle, but not when the client CA or TLS itself changed: then they are
  /// cut. Where it listens, and the control socket that it asks, stay. Anything wrong is told on `err`, and all stays.
  void reload();

  /// Connections are open that the server before the last reload took.
  [[nodiscard]] bool has_leaving() const noexcept { return !leaving_.empty(); }
  /// From time to time: ends servers whose connections are all closed.
  void tidy();

 private:
  /// More reloads than that, while connections of before are open, cut those of the oldest.
  static constexpr std::size_t kMostLeaving = 8;

  /// Reads, and commands, that go on to the running service at once: while it does not answer, media must still go out,
  /// and no reader keeps a pause from it.
  static constexpr std::ptrdiff_t kMostLive = 2;
  using Places = std::counting_semaphore<kMostLive>;

  /// What PEM files of [serve] hold.
  struct Identity {
    std::string certificate;
    std::string key;
    std::string client_ca;
    ~Identity();
  };
  /// Hashes of the same, to know what changed without keeping the key.
  struct Prints {
    std::vector<std::uint8_t> certificate;
    std::vector<std::uint8_t> key;
    std::vector<std::uint8_t> client_ca;
    friend bool operator==(const Prints&, const Prints&) = default;
  };
  static Identity read(const ServeSettings& serve);
  static Prints prints_of(const Identity& identity);
  [[nodiscard]] std::unique_ptr<web::Server> open(const Identity& identity, const web::ServerLimits& limits);
  [[nodiscard]] web::SiteSettings site_settings();
  [[nodiscard]] web::LiveAnswer ask(const web::LiveRequest& request);
  [[nodiscard]] web::LiveAnswer pass_command(const web::LiveRequest& request);
  [[nodiscard]] web::LiveAnswer ask_from(Places& mine, const web::LiveRequest& request) const;
  [[nodiscard]] Reload take_again();
  void tell(std::string_view line);

  ServeCommand command_;           ///< with what counts now
  std::filesystem::path control_;  ///< socket of the running service; empty: none
  std::string started_;            ///< text of the configuration at the start
  std::string text_;               ///< the same when it was read last
  std::ostream& err_;
  std::mutex telling_;
  web::AccessLog log_;
  Places reads_{kMostLive};
  Places commands_{kMostLive};
  web::Site site_;
  web::Listener listener_;
  Prints prints_;
  std::unique_ptr<web::Server> server_;
  std::vector<std::unique_ptr<web::Server>> leaving_;  ///< oldest first
};

}  // namespace tapestry::app
