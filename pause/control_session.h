#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "core/time.h"
#include "pause/control_commands.h"

namespace tapestry::pause {

/// The requests of one direction of a connection that wait for their replies. Those with an ActionID are found by it,
/// those with a job by its UUID, all others in order. Where the order is not sure (bytes were lost, a reply came to no
/// request, too many wait) all of these are forgotten, and for a moment none waits: what they ask for never comes true.
class ControlSession {
 public:
  static constexpr std::size_t kMaxWaiting = 64;
  static constexpr Duration kUnsure = std::chrono::seconds(2);

  /// Keeps a request for its reply; false when that will not be known.
  bool sent(ControlRequest request, Time at);
  /// What the reply decides; nothing when it is none that is known, or only accepts a job.
  std::optional<ControlRequest> answered(const ControlReply& reply, Time at);
  /// Bytes of either direction were lost.
  void lose(Time at);

  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }  ///< requests

 private:
  struct Waiting {
    ControlRequest request;
    std::string job{};  ///< that it became
    [[nodiscard]] bool in_order() const noexcept { return request.id.empty() && job.empty(); }
  };
  bool forget_id(const std::string& id);
  bool make_room();
  std::deque<Waiting>::iterator find(const ControlReply& reply);

  std::deque<Waiting> waiting_;  ///< oldest first
  Time unsure_until_ = Time::min();
  std::uint64_t forgotten_ = 0;
};

}  // namespace tapestry::pause
