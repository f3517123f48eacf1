#include "app/serve.h"

#include <pthread.h>

#include <cerrno>
#include <csignal>
#include <ctime>

#include "app/web_service.h"

namespace tapestry::app {
namespace {

/// So often connections that are to end by themselves are looked at.
constexpr timespec kTidy{.tv_sec = 1, .tv_nsec = 0};

/// SIGTERM, SIGINT and SIGHUP wait for next_signal(), in this thread and in those that it makes.
sigset_t hold_signals() {
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&held, signal);
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
  return held;
}

/// 0: none came for kTidy.
int next_signal(const sigset_t& held, bool forever) {
  while (true) {
    const int signal = sigtimedwait(&held, nullptr, forever ? nullptr : &kTidy);
    if (signal > 0) return signal;
    if (errno != EINTR) return 0;
  }
}

}  // namespace

int serve(const ServeCommand& command, std::ostream& out, std::ostream& err) {
  WebService::check(command.config);
  const sigset_t held = hold_signals();
  WebService service(command, out, err);
  while (true) {
    const int signal = next_signal(held, !service.has_leaving());
    if (signal == SIGTERM || signal == SIGINT) return 0;
    if (signal == SIGHUP) service.reload();
    service.tidy();
  }
}

}  // namespace tapestry::app
