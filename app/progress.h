#pragma once
#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace tapestry::app {

/// How far a replay is.
struct ProgressState {
  std::uint64_t packets = 0;
  std::uint64_t calls = 0;
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;  ///< 0: unknown, no time left is shown
};

/// `120,000 packets  35 calls  410,000 packets/s  12 s left`
std::string progress_text(const ProgressState& state, double elapsed_seconds);

/// One line, rewritten in place at most five times a second.
class Progress {
 public:
  /// Writes nothing when not `shown`.
  Progress(std::ostream& stream, bool shown);
  /// Cheap when nothing is due.
  void update(const ProgressState& state);
  /// Takes the line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& stream_;
  bool shown_;
  bool drawn_ = false;
  Clock::time_point began_ = Clock::now();
  Clock::time_point next_ = began_;
};

}  // namespace tapestry::app
