#pragma once
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "calls/call.h"
#include "calls/correlator.h"
#include "calls/journal.h"
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

  /// Rules for take_rules(): the new ones, and of those in force the ones that hold a conversation and are not among
  /// them, or were for other places (retired: they count until they let go). Throws std::runtime_error when an
  /// expression is wrong, or more than kMaxRetired would be retired.
  [[nodiscard]] pause::Markers with_retired(std::vector<pause::MarkerRule> rules) const;
  static constexpr std::size_t kMaxRetired = 1024;
  /// From now on they are looked for; gives those that were so far. What is paused stays so.
  pause::Markers take_rules(pause::Markers markers) noexcept { return std::exchange(markers_, std::move(markers)); }

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

  /// What is decided goes into it; null: nowhere. It outlives the desk.
  void write_to(Journal* journal) noexcept { journal_ = journal; }
  /// Pauses come from a journal, not from what is seen: markers are followed, and do and report nothing.
  void set_recovering(bool recovering) noexcept { recovering_ = recovering; }
  /// What a journal told of the call.
  void apply(const Call& call, PauseDecision decision);

  /// Packet time went on: ends what lasts too long, raises alarms, and erases what turned out to be paused, too.
  void advance(Time now);

  [[nodiscard]] const pause::Markers& markers() const noexcept { return markers_; }
  [[nodiscard]] Counters counters() const;

 private:
  /// Who holds the pause that it asks for.
  [[nodiscard]] static std::string holder_of(const Asked& asked) {
    return asked.channel.empty() ? asked.rule.name : asked.rule.name + " " + asked.channel;
  }
  /// A rule that is retired counts for what it holds.
  [[nodiscard]] bool counts(const Conversation& conversation, const Asked& asked) const {
    return !asked.rule.retired || conversation.pauses.is_held_by(holder_of(asked));
  }
  [[nodiscard]] bool holds_somewhere(const pause::MarkerRule& rule) const;
  /// Whether it is the last one, seen elsewhere; else it is the last one now.
  [[nodiscard]] bool is_same_toggle(Conversation& conversation, const Asked& asked) const;
  void erase(const Conversation& conversation, Time from, Time to);
  void write_down(const Call& call, const PauseDecision& decision);
  bool let_go(const Call& call, PauseRelease release);
  void do_hold(const Call& call, pause::Holder holder);
  void do_add(const Call& call, Pause pause);
  void report(const Asked& asked, bool honoured, std::string why, std::optional<Time> effective);
  void check(Conversation& conversation, Time now);

  const Rules& rules_;
  CallTable& calls_;
  ConversationTable& conversations_;
  Output& output_;
  pause::Markers markers_;
  Journal* journal_ = nullptr;
  bool recovering_ = false;
  std::set<std::uint64_t> paused_;  ///< serials of calls whose conversations may be paused
  std::uint64_t pauses_ = 0;
  std::uint64_t resumes_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t alarms_ = 0;
  std::uint64_t timeouts_ = 0;
  std::uint64_t keyed_ = 0;
};

}  // namespace tapestry::calls
