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
  std::string call_id{};         ///< of a dialog of the conversation; or
  std::string agent{};           ///< address of record or its user: the agent's open calls, all of them; or
  std::uint64_t number = 0;      ///< LiveConversation::number; or
  std::string interaction_id{};  ///< LiveConversation::interaction_id
  std::string by{};              ///< who gave it, for the audit log
  std::string reason = "pci";
  std::optional<Duration> longest{};  ///< it resumes by itself then; of two commands the later end counts
  /// Wall clock when it was given. A resume is not effective before that, where the capture's clock is near it: what
  /// waits to be handled was said in the pause.
  std::optional<Time> given{};
};

enum class PauseOutcome : std::uint8_t {
  Done,
  StillPaused,  ///< a resume: somebody else holds one of the conversations
  NoSuchCall,
  OtherRequest,  ///< another command had the same id; nothing was done
  Refused        ///< nothing is paused here
};

/// What came of one.
struct PauseAnswer {
  PauseOutcome outcome = PauseOutcome::NoSuchCall;
  bool effective = false;  ///< all calls that are named are paused, or recorded again
  std::string why;         ///< `paused`, `resumed`, `no such call`, `still paused by RULE`, ...
  Time since;              ///< packet time from which on it holds for all of them
  std::vector<std::string> call_ids;
};

/// A resume waits for the wall clock by so much at most: a capture's clock that is further away is another clock. More
/// than what a ring holds, and than the span of one file of a folder that rotates.
inline constexpr Duration kMostLag = std::chrono::minutes(15);

/// Carries commands out. Their holder is `command`, whoever gives them. Correlator's thread only.
class PauseCommands {
 public:
  /// Both outlive it.
  PauseCommands(CallTable& calls, ConversationTable& conversations, PauseDesk& desk)
      : calls_(calls), conversations_(conversations), desk_(desk) {}

  /// Effective at packet time `now`, for all media that came from then on. A command that found no call is not
  /// remembered: given again it may find one.
  PauseAnswer apply(const PauseCommand& command, Time now);

 private:
  static constexpr std::size_t kRemembered = 4096;
  [[nodiscard]] std::vector<const Call*> named(const PauseCommand& command);
  void pause(const Call& call, const PauseCommand& command, const Asked& asked, PauseAnswer& answer);
  void resume(const Call& call, const Asked& asked, PauseAnswer& answer);

  CallTable& calls_;
  ConversationTable& conversations_;
  PauseDesk& desk_;
  std::deque<std::pair<PauseCommand, PauseAnswer>> done_;  ///< the last that had an id
};

}  // namespace tapestry::calls
