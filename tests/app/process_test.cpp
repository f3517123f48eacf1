#include "app/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>

namespace tapestry::app {

TEST_CASE("a process that keeps its memory private leaves no core dump") {
  REQUIRE(keep_memory_private());
  CHECK(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_CORE, &limit) == 0);
  CHECK(limit.rlim_cur == 0);
  CHECK(limit.rlim_max == 0);
}

}  // namespace tapestry::app
