#include "app/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace tapestry::app {

bool keep_memory_private() noexcept {
  constexpr rlimit kNone{0, 0};
  return ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && ::setrlimit(RLIMIT_CORE, &kNone) == 0;
}

}  // namespace tapestry::app
