#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <variant>

#include "app/service_status.h"
#include "calls/live.h"
#include "calls/pause_command.h"

namespace tapestry::app {

/// How the service does.
struct StatusRequest {};

/// What other threads may ask of the one that records: values, never a look at what it works on.
using ControlRequest = std::variant<calls::PauseCommand, calls::LiveQuery, StatusRequest>;
/// The answer to the request of the same place.
using ControlAnswer = std::variant<calls::PauseAnswer, calls::LivePage, ServiceStatus>;

/// Why there is no answer. The request was not carried out, and will not be.
enum class ControlFault : std::uint8_t {
  Full,   ///< too many wait
  Late,   ///< it was not its turn in time
  Closed  ///< the service ends
};

/// Requests on their way to the thread that records, and answers on their way back.
class ControlQueue {
 public:
  /// More requests than this do not wait.
  static constexpr std::size_t kMost = 64;

  /// Waits until the request was carried out; for as long as `limit` for its turn. Any thread.
  [[nodiscard]] std::expected<ControlAnswer, ControlFault> ask(ControlRequest request, std::chrono::milliseconds limit);

  /// Carries out what waits, at most kMost requests. Cheap when nothing does. From one thread; what `carry_out` throws
  /// comes out here, and the request's answer is ControlFault::Closed.
  void serve(const std::function<ControlAnswer(const ControlRequest&)>& carry_out);

  /// Nothing is carried out any more: whoever waits, or comes later, is told so. Any thread.
  void close();

 private:
  struct Waiting {
    ControlRequest request;
    std::optional<std::expected<ControlAnswer, ControlFault>> answer{};
  };

  std::mutex mutex_;
  std::condition_variable answered_;
  std::deque<Waiting*> waiting_;  ///< each lives in its ask(), which does not return while somebody else has it
  bool closed_ = false;
};

}  // namespace tapestry::app
