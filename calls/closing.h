#pragma once
#include <string>
#include <vector>

#include "calls/attendees.h"
#include "calls/leg.h"
#include "calls/voice_ear.h"

namespace tapestry::calls {

/// Turns the open calls of one conversation into what the finisher needs: parties, a recording for each agent, attempts
/// that were not answered, transfers, signalling, links. `legs` are leg_of()'s, in any order; their calls' tracks
/// become Interaction::tracks, call by call in order of time, each with its use; only those with Use::Recording, Codec
/// or Undecryptable are in the recordings' spans. `attendees` are those of its conferences, `hearings` tell of
/// supervisors' words. Sorts `legs` and fills in their first_track.
Interaction close_conversation(std::vector<Leg>& legs, std::vector<Link> links, const std::vector<Attendee>& attendees,
                               const std::vector<Hearing>& hearings, const Rules& rules);

/// Uses of a recording session's tracks (RFC 7866), which is no conversation: nothing else is filled in.
Interaction close_recording_session(std::vector<Leg>& legs);

/// Disposition of a call that was not answered (core-04 §4.3): `busy`, `no-answer`, `congestion`, `failed`.
std::string disposition_of(const Call& call);

}  // namespace tapestry::calls
