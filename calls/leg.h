#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "calls/call.h"
#include "calls/roles.h"
#include "calls/rules.h"
#include "calls/spells.h"

namespace tapestry::calls {

/// The name of one that is not Over: `timeout`, `capture end`.
std::string to_string(CloseReason reason);

/// When a call was up: by signalling, or by what media says where signalling is missing.
struct Answer {
  Window window;
  const Branch* branch = nullptr;  ///< that was answered; nullptr when no answer was captured
};

inline constexpr std::size_t kNoParty = static_cast<std::size_t>(-1);

/// Who was behind an end of a leg, and when.
struct Presence {
  std::size_t party = 0;
  Window when;
};

/// A state of a party that the conference told: EventKind::Hold or Mute.
struct ToldState {
  std::size_t party = 0;
  EventKind kind = EventKind::Hold;
  Window when;
};

/// One call of a conversation that is being closed.
struct Leg {
  const Call* call = nullptr;
  CloseReason reason = CloseReason::Over;
  std::optional<Answer> answer;  ///< none: it never was up
  std::size_t first_track = 0;   ///< index of its tracks in Interaction::tracks, which are in the order of call->tracks
  std::array<Standing, 2> standing{};
  std::array<std::size_t, 2> party{kNoParty, kNoParty};  ///< by side; kNoParty: a host that only connects others
  /// Unanswered, and yet no attempt that failed: it was picked up elsewhere, another call took its place, or its host
  /// placed several and one of them was answered. Nobody of it is a party.
  bool left_out = false;
  std::array<bool, 2> mixer{};                        ///< by side: a conference's host
  std::array<std::vector<std::size_t>, 2> bridged{};  ///< by side: legs that its host connects this one with, ascending
  std::vector<Presence> attending{};  ///< who is in its conference without a call of their own, as the focus told
  std::vector<ToldState> told{};      ///< what its focus told of those in the conference
};

/// Fills in what the call alone tells: answer and standings.
Leg leg_of(const Call& call, CloseReason reason, const Roles& roles, const Registrations& registrations);

/// The call's tracks, whose encryption is resolved, with payloads and codecs; uses say at most that nothing is
/// recorded.
std::vector<Track> tracks_of(const Call& call, bool answered);

/// The end that is a conference's host; nothing when none is. (Of two the one that said so.)
std::optional<Side> mixing_side(const Leg& leg) noexcept;

/// Whether both legs are in one conference, at one host.
bool share_mixer(const Leg& one, const Leg& another);

/// Window of an answered leg, else of its messages.
Window window_of(const Leg& leg);

/// When `holder` held the other end within the window.
std::vector<Window> holds_of(const Call& call, Side holder, const Window& window);

/// Whether all of a track lies where its sender holds the other end: a music server's stream, or the holder's own.
bool is_hold_music(const Call& call, const Track& track, const Window& window);

}  // namespace tapestry::calls
