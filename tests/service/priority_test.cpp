#include "service/priority.h"

#include <sched.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <thread>

using namespace tapestry;

TEST_CASE("A thread that leaves the processors to others takes those it begins with it, and no other") {
  const int before = ::getpriority(PRIO_PROCESS, 0);
  int nice = 0;
  int policy = SCHED_OTHER;
  std::jthread([&] {
    service::leave_processors_to_others();
    std::jthread([&] {
      nice = ::getpriority(PRIO_PROCESS, 0);
      policy = ::sched_getscheduler(0);
    }).join();
  }).join();
  CHECK(nice == 19);
  CHECK(policy == SCHED_BATCH);
  CHECK(::getpriority(PRIO_PROCESS, 0) == before);
}
