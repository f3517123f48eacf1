#pragma once
#include <chrono>
#include <string_view>

namespace tapestry::service {

/// What the service manager is told: sd_notify(3), to the socket that NOTIFY_SOCKET names; without one nothing is told.
/// Never throws: whoever cannot be told goes without. One thread.
class Notice {
 public:
  using Clock = std::chrono::steady_clock;

  /// Reads WATCHDOG_USEC and WATCHDOG_PID.
  Notice();

  /// The watchdog's time; zero: nobody watches.
  [[nodiscard]] std::chrono::microseconds watchdog() const noexcept { return watchdog_; }

  void ready() const noexcept;
  /// A line for `systemctl status`: one line, UTF-8, nothing of any call.
  void status(std::string_view line) const noexcept;
  /// What is watched came round once more. Fed to the watchdog at most four times in its time, so this may be called as
  /// often as one likes; no timer calls it, for then a loop that stands still would look alive.
  void progress(Clock::time_point now) noexcept;
  /// The configuration is read again; ready() ends that.
  void reloading() const noexcept;
  void stopping() const noexcept;

 private:
  std::chrono::microseconds watchdog_{};
  Clock::time_point fed_{};
};

}  // namespace tapestry::service
