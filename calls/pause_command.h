#pragma once
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "calls/pause_desk.h"

namespace tapestry::calls {

/// A pause or resume that somebody gives to the recorder itself.
struct PauseCommand {
  std::string id{};  ///< of the request: given again with the same one it does nothing new; empty: never the same
  pause::Action action = pause::Action::Pause;
  std::string call_id{};  ///< of a dialog of the conversation; or
  std::string agent{};    ///< address of record or its user: the agent's open calls, all of them
  std::string by{};       ///< who gave it, for the audit log
  std::string reason = "pci";
  std::optional<Duration> longest{};  ///< it resumes by itself then
};

/// What came of one.
struct PauseAnswer {
  bool effective = false;  ///< all calls that are named are paused, or are not any more (by commands)
  std::string why;         ///< `paused`, `resumed`, `no such call`
  std::vector<std::string> call_ids;
};

/// Carries commands out. Their holder is `command`, whoever gives them. Correlator's thread only.
class PauseCommands {
 public:
  /// Both outlive it.
  PauseCommands(CallTable& calls, PauseDesk& desk) : calls_(calls), desk_(desk) {}

  /// Effective at packet time `now`, for all media that came from then on.
  PauseAnswer apply(const PauseCommand& command, Time now);

 private:
  static constexpr std::size_t kRemembered = 4096;
  [[nodiscard]] std::vector<const Call*> named(const PauseCommand& command);

  CallTable& calls_;
  PauseDesk& desk_;
  std::deque<std::pair<std::string, PauseAnswer>> done_;  ///< the last, by id
};

}  // namespace tapestry::calls
