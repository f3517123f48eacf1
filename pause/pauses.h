#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "pause/pause.h"

namespace tapestry::pause {

/// Pauses of one conversation, and holders at a time. Beyond the first the last pause never ends; beyond the second a
/// holder is refused, as the conversation is paused anyway.
inline constexpr std::size_t kMaxPauses = 1000;
inline constexpr std::size_t kMaxHolders = 64;

/// Who keeps a conversation paused.
struct Holder {
  std::string name;  ///< the rule's; with the leg's Call-ID for a destination
  PauseMark mark{};  ///< that opened it
  Time asked{};      ///< when that, or a later one of the same rule, was asked for
  Time since{};      ///< rolls are in it
  std::string reason = "pci";
  Duration post_roll{};
  std::optional<Duration> longest{};
  bool resumes_by_itself = false;
  Time alarm{};  ///< when it is next to be complained of
};

/// When a conversation was paused, and by whom it is now: media flows only when nobody holds. One thread.
class Pauses {
 public:
  /// From `holder.since` on nothing is kept. False when a holder of that name is there already; nothing changes then.
  bool hold(Holder holder);
  /// The holder of that name lets go at `at`. With the last one the pause ends, at the latest time at which one of its
  /// holders let go (post-roll later): they may be told of in another order. False when there is none of that name.
  /// `mark` is for PauseEnd::Resume.
  bool release(std::string_view name, Time at, std::optional<PauseMark> mark, PauseEnd how);
  /// A pause that is over already; one of the same rule that it goes on from becomes longer.
  void add(Pause pause);
  /// Packet time is `now`: an open pause that would begin later (the capture's clock went back) begins then.
  void begin_by(Time now) noexcept;
  /// Takes over those of a conversation that turned out to be the same.
  void join(Pauses&& from);

  /// Whether nothing of what came at that time may be kept.
  [[nodiscard]] bool covers(Time time) const noexcept;
  /// Whether of all pauses only those of that rule cover the time.
  [[nodiscard]] bool is_covered_only_by(std::string_view rule, Time time) const noexcept;
  /// Nothing was ever paused.
  [[nodiscard]] bool empty() const noexcept { return pauses_.empty(); }
  [[nodiscard]] const std::vector<Holder>& holders() const noexcept { return holders_; }
  [[nodiscard]] std::vector<Holder>& holders() noexcept { return holders_; }
  [[nodiscard]] bool is_held_by(std::string_view name) const noexcept;
  /// In order of opening; the one that is open has no end.
  [[nodiscard]] const std::vector<Pause>& list() const noexcept { return pauses_; }
  /// All, cut to what lies before `end`, in order of start and not touching.
  [[nodiscard]] std::vector<Pause> finished(Time end) const;

 private:
  /// When the last of those who held the open pause let go.
  struct Release {
    Time end = Time::min();
    std::optional<PauseMark> mark{};
    PauseEnd how = PauseEnd::CallEnd;
  };
  void take_later(Release release);

  std::vector<Holder> holders_;
  std::vector<Pause> pauses_;
  Release latest_;
};

}  // namespace tapestry::pause
