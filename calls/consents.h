#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "calls/interaction.h"
#include "calls/leg.h"
#include "sipparse/message.h"

// Announcements that tell a customer that calls are recorded: evidence of consent.
namespace tapestry::calls {

/// Remembers the Request-URI of a call's initial INVITE when it asks a server to play something: parameter `play`
/// (RFC 4240 §3) or `voicexml` (RFC 5552). Cut at kMaxNoteBytes, card numbers masked.
void note_announcement(Call& call, const sip::Message& invite);

/// Whether what was played tells of recording, as far as its name says: of a Request-URI with `play=` or `voicexml=`
/// the file's (`record`, `monitor`, `consent`, `disclos`, `privacy`, `quality` in it), else the user part of the
/// address (`annc…`, `announce…`, `consent…`, `disclaimer…`). In any case.
bool tells_of_recording(std::string_view uri);

/// Adds a note of the kind `consent` for each party that is no robot and heard such an announcement: from when (the
/// note's time), `until`, `party` (its address of record) and `announcement`. The legs' parties are known.
void add_consents(const std::vector<Leg>& legs, Interaction& interaction);

}  // namespace tapestry::calls
