#pragma once
#include <vector>

#include "calls/leg.h"
#include "calls/voice_ear.h"

namespace tapestry::calls {

/// What supervisors did in a conversation while somebody of it spoke with the customer, who was not held: a supervisor
/// who sends nothing (an SDP that only receives, or no media) monitors; one whose words are in what the customer got
/// barges in, one whose words are in nothing of it whispers. Where media does not tell (another codec than G.711, SRTP,
/// nothing said), a supervisor who may be heard barges in, as RFC 3911 means Join. The legs' parties are known;
/// `tracks` are the conversation's. In order of time.
std::vector<Supervision> supervision_of(const std::vector<Leg>& legs, const std::vector<Track>& tracks,
                                        const std::vector<Party>& parties, const std::vector<Hearing>& hearings);

/// When the supervisors of that call whispered.
std::vector<Window> whispers_of(const std::vector<Supervision>& supervision, const std::string& call_id);

}  // namespace tapestry::calls
