#pragma once
#include <chrono>
#include <functional>
#include <string>

#include "app/control_queue.h"
#include "core/time.h"
#include "web/message.h"

namespace tapestry::app {

/// A request's field by which a front end says for whom it asks; it stands in the audit log beside the local user.
inline constexpr std::string_view kByField = "Tapestry-By";
inline constexpr std::size_t kMostBy = 256;
/// A request's field that says until when (RFC 3339) its asker waits for the answer: a command that cannot be carried
/// out and made safe by then is not, for its asker would be told that it failed.
inline constexpr std::string_view kUntilField = "Tapestry-Until";

/// What is answered on the control socket (docs/control.md): pause, resume, calls, status, metrics, to whoever may open
/// the socket. Any thread. Never throws.
class ControlSite {
 public:
  /// How long a request waits for its turn.
  static constexpr std::chrono::milliseconds kPatience{2000};

  /// Waits until what was carried out survives a kill and a loss of power; false when the disk does not take it. Any
  /// thread.
  using Safe = std::function<bool()>;

  /// `queue` outlives it. Without `safe` nothing survives.
  explicit ControlSite(ControlQueue& queue, std::chrono::milliseconds patience = kPatience, Safe safe = {})
      : queue_(queue), patience_(patience), safe_(std::move(safe)) {}

  /// `now`: wall clock.
  [[nodiscard]] web::Response answer(const web::Request& request, Time now);

 private:
  [[nodiscard]] web::Response judge(const web::Request& request, Time now);
  [[nodiscard]] web::Response command(const web::Request& request, bool is_resume, Time now);

  ControlQueue& queue_;
  std::chrono::milliseconds patience_;
  Safe safe_;
};

}  // namespace tapestry::app
