#pragma once
#include <vector>

#include "calls/leg.h"

namespace tapestry::calls {

/// An unanswered leg, told as a dialog of its own.
struct Attempt {
  std::size_t leg = 0;
  std::size_t dialog = 0;  ///< index in the conversation's dialogs
};

/// Appends a transfer dialog for each time that a party was handed on (RFC 5589, RFC 5850 §2.2): by a REFER whose
/// INVITE was seen and after which the two did not talk on, or, without one, where who faced the customer was followed
/// by another (a B2BUA's transfer, a queue, an INVITE with Replaces). What a transfer must name and has no recording
/// gets a placeholder before it: a stretch with a bot, which is nobody's recording.
void add_transfers(const std::vector<Leg>& legs, const std::vector<Party>& parties,
                   const std::vector<Attempt>& attempts, std::vector<DialogPlan>& dialogs);

}  // namespace tapestry::calls
