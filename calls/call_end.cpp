#include "calls/call_end.h"

namespace tapestry::calls {

bool is_over(const Call& call) {
  bool answered = false;
  for (const Branch& branch : call.branches) {
    if (!branch.answered) continue;
    if (!branch.ended) return false;
    answered = true;
  }
  return answered || call.cancelled.has_value() || call.final_at_caller;
}

}  // namespace tapestry::calls
