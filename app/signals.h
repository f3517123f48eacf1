#pragma once
#include <csignal>

namespace tapestry::app {

/// SIGTERM, SIGINT and SIGHUP as something to be read: blocked in this thread, and in those that it makes from then on,
/// as long as this lives. Make it before any thread.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Readable when a signal is there.
  [[nodiscard]] int descriptor() const noexcept { return fd_; }
  /// The next signal, 0 when there is none.
  [[nodiscard]] int take() noexcept;

 private:
  sigset_t before_{};
  int fd_ = -1;
};

}  // namespace tapestry::app
