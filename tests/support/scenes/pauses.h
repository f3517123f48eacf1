#pragma once
#include "tests/support/scenes/bridges.h"
#include "tests/support/scenes/flows.h"

/// What most scenes of pauses are made of.
namespace tapestry::scenes {

/// When most scenes of pauses end.
inline constexpr double kPausedEnd = 14;

/// Nothing is kept from `from` until `to`.
struct Paused {
  double from = 0;
  double to = 0;
};

/// An INFO with that header line (without CR LF), answered 20 ms later; an empty status: never.
void info(Script& script, double at, Leg& leg, Side from, const std::string& header,
          const std::string& status = "200 OK");
/// Re-INVITE whose offer has the attribute line, without CR LF; answered 50 ms later, without it. `media`: in the media
/// section, not at the session level.
void reinvite_with(Script& script, double at, Leg& leg, Side from, const std::string& line, bool media = false,
                   const std::string& status = "200 OK");
/// The description with the attribute line at the session level, or in its media section.
Extra with_line(Extra sdp, const std::string& line, bool media = false);

/// The recording of agent 1, or `who`, from `from` until `to` with the customer; nothing of the pauses is in it.
Recording paused_recording(double from, double to, const std::vector<Paused>& pauses, const Peer& who);
/// The customer hangs up at `end`; agent 1 was recorded from 2.02 on but for the pauses.
Scene finish_paused(Script& script, Leg& leg, const std::vector<Paused>& pauses, double slack = 0,
                    double end = kPausedEnd);
/// The same, with more of a truth.
Scene finish_paused(Script& script, Leg& leg, const std::vector<Paused>& pauses, const Conversation& more,
                    double slack = 0, double end = kPausedEnd);

/// A call through a B2BUA that relays media, media until kPausedEnd from 2.2 on; one header ties its dialogs.
Bridge bridged_call(Script& script, Relay relay = Relay::NewSsrc);
/// The B2BUA sends what one end sent on to the other one: an INFO on both hops, the second 10 ms later.
void relayed_info(Script& script, double at, Bridge& call, Side from, const std::string& header);
/// The customer hangs up at kPausedEnd.
Scene finish_paused(Script& script, Bridge& call, const std::vector<Paused>& pauses, double slack = 0);

}  // namespace tapestry::scenes
