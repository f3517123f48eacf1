#pragma once
#include "calls/call.h"
#include "calls/conversation_table.h"
#include "calls/key_listener.h"
#include "pause/gate.h"

namespace tapestry::calls {

/// What stands between media and the spool: nothing that came in a pause passes, and no key of a telephone-event. Keys
/// are listened to here, too.
/// Correlator's thread only.
class MediaGate {
 public:
  /// Both outlive it.
  MediaGate(ConversationTable& conversations, KeyListener& keys) : conversations_(conversations), keys_(keys) {}

  /// What may be kept of a chunk of the track, which `claim` names; valid until the next call. May be empty.
  const rtp::Chunk& admit(const Call& call, const OpenTrack& open, const MediaClaim& claim, const rtp::Chunk& chunk);

 private:
  ConversationTable& conversations_;
  KeyListener& keys_;
  rtp::Chunk kept_;
};

}  // namespace tapestry::calls
