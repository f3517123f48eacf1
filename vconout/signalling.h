#pragma once
#include "calls/interaction.h"
#include "vconout/json.h"

namespace tapestry::vconout {

/// Body of the call-signalling attachment: SIP dialogs and RTP streams that the conversation was made of, and
/// `capture_drops` when a bound of ours may have cost some of it. Empty and zero members are left out.
Json signalling_of(const calls::Interaction& interaction);

}  // namespace tapestry::vconout
