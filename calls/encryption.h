#pragma once
#include <string>

#include "calls/call.h"
#include "calls/key_book.h"
#include "sipparse/sdp.h"

namespace tapestry::calls {

/// How an m-line is encrypted: an SrtpProfile's name, another suite's, `DTLS-SRTP`, `SRTP` when it does not say how, or
/// empty. Never what could be key material in a suite's place.
std::string encryption_of(const sip::MediaDescription& media);

/// Keeps the keys of an audio m-line's a=crypto, by which `side` protects what it sends (RFC 4568 §5.1.2: the answer's
/// tag only chooses among the lines offered). `claims`: what the m-line claimed.
void note_keys(Call& call, Side side, const ClaimSet& claims, const sip::MediaDescription& media, Time time);

/// Whether a track of an open call is in clear then, by what its ends agreed on so far; where they agreed on nothing,
/// by what they said.
bool is_clear_at(const Call& call, const Track& track, Time time);

/// Decides when and how each track is encrypted, now that all SDP of the call is known: by what the ends of its own hop
/// agreed on at each time. Fills in Track::encryption, in_clear and srtp_keys: keys that its sender told for it, and
/// those of handshakes in `book`, where need be of other addresses of the same ends.
void resolve_encryption(Call& call, const KeyBook& book);

}  // namespace tapestry::calls
