#pragma once
#include <string>

#include "calls/call.h"
#include "calls/roles.h"
#include "calls/rules.h"

namespace tapestry::calls {

/// Why a call is closed without its own end: for DialogSummary::ended_by.
enum class CloseReason : std::uint8_t { Over, Timeout, CaptureEnd };

/// Turns an open call into what the finisher needs: parties, the dialog (recording or incomplete), which track makes
/// which channel, holds, history. Every track of the call is listed with its use; only those with Use::Recording, Codec
/// or Undecryptable are in the recording's spans. Of a recording session only the tracks' uses are filled in.
Interaction close_call(const Call& call, const std::array<Party, 2>& parties, const Rules& rules, CloseReason reason);

/// Disposition of a call that was not answered (core-04 §4.3): `busy`, `no-answer`, `congestion`, `failed`.
std::string disposition_of(const Call& call);

}  // namespace tapestry::calls
