#include "calls/gap_name.h"

namespace tapestry::calls {

std::string_view name_of(const Gap& gap) noexcept {
  return gap.pause && gap.pause->reason != "pci" ? "policy" : to_string(gap.reason);
}

}  // namespace tapestry::calls
