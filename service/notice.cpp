#include "service/notice.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <string>

namespace tapestry::service {
namespace {

constexpr int kFeedsPerTime = 4;

void tell(const std::string& state) noexcept { (void)sd_notify(0, state.c_str()); }

}  // namespace

Notice::Notice() {
  std::uint64_t micros = 0;
  if (sd_watchdog_enabled(0, &micros) > 0) watchdog_ = std::chrono::microseconds(micros);
}

void Notice::ready() const noexcept { tell("READY=1"); }

void Notice::status(std::string_view line) const noexcept { tell("STATUS=" + std::string(line)); }

void Notice::progress(Clock::time_point now) noexcept {
  if (watchdog_.count() == 0 || now - fed_ < watchdog_ / kFeedsPerTime) return;
  fed_ = now;
  tell("WATCHDOG=1");
}

void Notice::reloading() const noexcept {
  const auto monotonic = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic));
}

void Notice::stopping() const noexcept { tell("STOPPING=1"); }

}  // namespace tapestry::service
