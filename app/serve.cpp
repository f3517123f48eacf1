#include "app/serve.h"

#include <fmt/format.h>
#include <pthread.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <mutex>
#include <semaphore>
#include <stdexcept>

#include "app/control_client.h"
#include "app/text.h"
#include "web/access_log.h"
#include "web/listener.h"
#include "web/server.h"
#include "web/site.h"
#include "web/target.h"

namespace tapestry::app {
namespace {

Time now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

/// SIGTERM and SIGINT wait for wait_for_end(), in this thread and in those that it makes.
sigset_t hold_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  return ends;
}

void wait_for_end(const sigset_t& ends) {
  int signal = 0;
  while (sigwait(&ends, &signal) == EINTR) {
  }
}

/// The decoded path of an https URL that ends in `/`.
std::string path_of(const std::string& url) {
  const auto target = web::parse_target(url);
  if (!target) throw ConfigError(fmt::format("no path can be read from the base_url {}", url));
  return target->path;
}

/// Requests that go on to the running service at once: while it does not answer, media must still go out.
constexpr std::ptrdiff_t kMostLive = 2;

class LiveGate {
 public:
  explicit LiveGate(std::filesystem::path socket) : socket_(std::move(socket)) {}

  web::LiveAnswer ask(const web::LiveRequest& request) {
    if (!free_.try_acquire()) throw std::runtime_error("too many requests for the running service at once");
    const Place mine{free_};
    return ask_control(socket_, request);
  }

 private:
  using Places = std::counting_semaphore<kMostLive>;
  struct Place {
    Places& free;
    ~Place() { free.release(); }
  };
  std::filesystem::path socket_;
  Places free_{kMostLive};
};

std::string text_of(const std::filesystem::path& file) {
  return file.empty() ? std::string() : vconout::read_text(file);
}

web::SiteSettings site_of(const ServeCommand& command) {
  const ServeSettings& serve = command.config.serve;
  web::SiteSettings site;
  site.out = command.out;
  site.media_path = path_of(command.config.vcon.base_url);
  site.access = {
      .tokens = serve.tokens, .certificate_needed = !serve.client_ca.empty(), .certificate_role = serve.client_role};
  site.version = command.version;
  site.started = now();
  return site;
}

std::string place_of(const ServeSettings& serve, const web::Listener& listener) {
  if (!serve.listen) return serve.socket.string();
  return fmt::format("{}://{}/", serve.certificate.empty() ? "http" : "https",
                     Endpoint{serve.listen->ip, listener.port()}.to_string());
}

}  // namespace

int serve(const ServeCommand& command, std::ostream& out, std::ostream& err) {
  const ServeSettings& settings = command.config.serve;
  if (!settings.listen && settings.socket.empty()) throw ConfigError("the configuration has no [serve]");
  if (settings.tokens.empty() && !settings.client_role) {
    throw ConfigError("nobody could ask for anything: there is no [[token]] and no client_role");
  }
  const sigset_t ends = hold_signals();
  web::AccessLog log(command.out / "audit");
  std::mutex telling;
  LiveGate live(command.config.control.socket);
  web::SiteSettings site_settings = site_of(command);
  if (!command.config.control.socket.empty()) {
    site_settings.live = [&live](const web::LiveRequest& request) { return live.ask(request); };
  }
  web::Site site(
      std::move(site_settings), [&](const web::Access& access) { log.add(access); },
      [&](std::string_view fault) {
        const std::scoped_lock locked(telling);
        err << fmt::format("tapestry: {}\n", printable(fault)) << std::flush;
      });
  const web::Listener listener = settings.listen ? web::Listener(*settings.listen) : web::Listener(settings.socket);
  const web::Server server({.listener = listener.descriptor(),
                            .certificate = text_of(settings.certificate),
                            .key = text_of(settings.key),
                            .client_ca = text_of(settings.client_ca),
                            .limits = settings.limits,
                            .most_body = web::kMostContent},
                           [&](const web::Request& request) { return site.answer(request, now()); });
  out << fmt::format("tapestry: serving {}\n", printable(place_of(settings, listener))) << std::flush;
  wait_for_end(ends);
  return 0;
}

}  // namespace tapestry::app
