#include "app/progress.h"

#include <fmt/format.h>

#include <cmath>

#include "app/text.h"

namespace tapestry::app {
namespace {
constexpr std::chrono::milliseconds kInterval(200);
constexpr double kTooEarly = 0.5;  // seconds before a speed means anything
}  // namespace

std::string progress_text(const ProgressState& state, double elapsed_seconds) {
  std::string text = fmt::format("{} packets  {} calls", grouped(state.packets), grouped(state.calls));
  if (elapsed_seconds < kTooEarly) return text;
  const double speed = static_cast<double>(state.packets) / elapsed_seconds;
  text += fmt::format("  {} packets/s", grouped(static_cast<std::uint64_t>(speed)));
  if (state.done_bytes != 0 && state.total_bytes >= state.done_bytes) {
    const double share =
        static_cast<double>(state.total_bytes - state.done_bytes) / static_cast<double>(state.done_bytes);
    text += fmt::format("  {:.0f} s left", std::ceil(elapsed_seconds * share));
  }
  return text;
}

Progress::Progress(std::ostream& stream, bool shown) : stream_(stream), shown_(shown) {}

void Progress::update(const ProgressState& state) {
  if (!shown_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  const std::chrono::duration<double> elapsed = now - began_;
  stream_ << "\r\x1b[K" << progress_text(state, elapsed.count()) << std::flush;
  drawn_ = true;
}

void Progress::clear() {
  if (drawn_) stream_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace tapestry::app
