#pragma once
#include "calls/call.h"

namespace tapestry::calls {

/// A call is over when every dialog that was answered has ended, or when the caller was told that it failed.
[[nodiscard]] bool is_over(const Call& call);

}  // namespace tapestry::calls
