#pragma once
#include <string>

#include "calls/call.h"
#include "calls/interaction.h"
#include "sipparse/sdp.h"

namespace tapestry::calls {

/// How an m-line is encrypted: an SrtpProfile's name, another suite's, `DTLS-SRTP`, `SRTP` when it does not say how, or
/// empty. Never what could be key material in a suite's place.
std::string encryption_of(const sip::MediaDescription& media);

/// Keeps the keys of an audio m-line's a=crypto, by which `side` protects what it sends (RFC 4568 §5.1.2: the answer's
/// tag only chooses among the lines offered).
void note_keys(Call& call, Side side, const sip::MediaDescription& media, Time time);

/// Decides how a track is encrypted, now that all SDP of the call is known: Track::encryption is the receiver's SDP's
/// so far, and gets empty, or the suite that both ends named. Adds the keys that its sender told.
void resolve_encryption(const Call& call, Track& track);

}  // namespace tapestry::calls
