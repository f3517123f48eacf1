#include "service/priority.h"

#include <sched.h>
#include <sys/resource.h>

namespace tapestry::service {
namespace {

constexpr int kNice = 19;

}  // namespace

void leave_processors_to_others() noexcept {
  const sched_param none{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &none);
  (void)::setpriority(PRIO_PROCESS, 0, kNice);  // to Linux, priorities are threads'
}

}  // namespace tapestry::service
