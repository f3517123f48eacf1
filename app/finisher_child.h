#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tapestry::app {

/// `tapestry finish` as a child of `tapestry run`, for who runs the recorder by hand: started again when it dies, and
/// told to stop when its parent does, however that ends. One thread; make it before there are others.
class FinisherChild {
 public:
  using Clock = std::chrono::steady_clock;

  struct Settings {
    std::filesystem::path config;
    std::filesystem::path out;
    unsigned finishers = 0;
  };

  /// Starts it. Throws std::runtime_error when it cannot.
  explicit FinisherChild(Settings settings);
  /// Stops it.
  ~FinisherChild();
  FinisherChild(const FinisherChild&) = delete;
  FinisherChild& operator=(const FinisherChild&) = delete;

  /// From time to time: starts it again. Empty, or what became of it.
  std::string look(Clock::time_point now);
  /// The configuration changed.
  void reload() const noexcept;
  /// Nothing more comes into the spool: waits until all of it is finished. False when that was broken off.
  [[nodiscard]] bool finish();

 private:
  static constexpr std::chrono::seconds kFirstWait{1};
  static constexpr std::chrono::seconds kLongestWait{60};

  void start(bool until_end);
  void stop() noexcept;

  Settings settings_;
  pid_t process_ = 0;  ///< 0: none
  std::chrono::seconds wait_ = kFirstWait;
  Clock::time_point started_{};
  std::optional<Clock::time_point> again_{};
};

}  // namespace tapestry::app
