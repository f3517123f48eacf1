#pragma once
#include <optional>
#include <set>
#include <string>

#include "calls/call.h"
#include "calls/correlator.h"
#include "calls/pause_origin.h"
#include "core/counter.h"
#include "pause/markers.h"

namespace tapestry::calls {

/// The holder of a conversation that is paused from its beginning; any resume ends it.
inline constexpr std::string_view kFailClosed = "fail-closed";

/// Knows which conversations are paused, and does what that means. Everything that looks like a marker is reported.
/// Correlator's thread only.
class PauseDesk {
 public:
  /// All outlive it. Throws std::runtime_error when a rule's expression is wrong.
  PauseDesk(const Rules& rules, CallTable& calls, ConversationTable& conversations, Output& output);

  /// Whether a marker of that origin counts; reports it when it does not.
  bool allows(const Call& call, const Asked& asked, Origin origin);
  /// What a toggle means now; other actions as they are.
  [[nodiscard]] pause::Action action_of(const Call& call, const Asked& asked);
  /// Pauses the call's conversation from the mark's time on.
  void pause(const Call& call, const Asked& asked);
  /// Resumes it at `at`, unless others hold it.
  void resume(const Call& call, const Asked& asked, Time at);
  /// It would resume when its request is accepted.
  [[nodiscard]] bool may_resume(const Call& call, const Asked& asked);
  /// A holder that is no marker's: a leg to a destination, a conversation that begins paused.
  void hold(const Call& call, pause::Holder holder);
  /// It holds the call's conversation already: for `longest` more from `now` on, unless it is to last longer anyway.
  /// Without `longest` until it lets go.
  void prolong(const Call& call, std::string_view holder, std::optional<Duration> longest, Time now);
  /// `mark`: who let go, when somebody did.
  void release(const Call& call, std::string_view holder, Time at, PauseEnd how,
               std::optional<PauseMark> mark = std::nullopt);
  /// A pause that is over already, and that nobody asked for: keyed digits.
  void add(const Call& call, Pause pause);
  /// Tells of something that was done, or not yet.
  void note(const Asked& asked, bool honoured, std::string why) {
    report(asked, honoured, std::move(why), honoured ? std::optional(asked.mark.at) : std::nullopt);
  }
  /// Nothing came of it: tells why, and counts it.
  void refuse(const Asked& asked, std::string why);

  /// Packet time went on: ends what lasts too long, raises alarms, and erases what turned out to be paused, too.
  void advance(Time now);

  [[nodiscard]] const pause::Markers& markers() const noexcept { return markers_; }
  [[nodiscard]] Counters counters() const;

 private:
  [[nodiscard]] const pause::MarkerRule& rule(const Asked& asked) const { return markers_.rules()[asked.rule]; }
  /// Who holds the pause that it asks for.
  [[nodiscard]] std::string holder_of(const Asked& asked) const {
    return asked.channel.empty() ? rule(asked).name : rule(asked).name + " " + asked.channel;
  }
  /// Whether it is the last one, seen elsewhere; else it is the last one now.
  [[nodiscard]] bool is_same_toggle(Conversation& conversation, const Asked& asked) const;
  void erase(const Conversation& conversation, Time from, Time to);
  void report(const Asked& asked, bool honoured, std::string why, std::optional<Time> effective);
  void check(Conversation& conversation, Time now);

  const Rules& rules_;
  CallTable& calls_;
  ConversationTable& conversations_;
  Output& output_;
  pause::Markers markers_;
  std::set<std::uint64_t> paused_;  ///< serials of calls whose conversations may be paused
  std::uint64_t pauses_ = 0;
  std::uint64_t resumes_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t alarms_ = 0;
  std::uint64_t timeouts_ = 0;
  std::uint64_t keyed_ = 0;
};

}  // namespace tapestry::calls
