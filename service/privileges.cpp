#include "service/privileges.h"

#include <cap-ng.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>

namespace tapestry::service {
namespace {

bool memory_is_limited() noexcept {
  rlimit limit{};
  return ::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

bool has(capng_type_t set, unsigned capability) noexcept { return capng_have_capability(set, capability) == 1; }

}  // namespace

Privileges drop_privileges() noexcept {
  // libcap-ng keeps what it read of a thread for that thread.
  if (capng_get_caps_process() != 0) return Privileges::Failed;
  if (::geteuid() == 0) return Privileges::Root;
  const bool keep_lock = has(CAPNG_EFFECTIVE, CAP_IPC_LOCK) && memory_is_limited();
  if (capng_have_capabilities(CAPNG_SELECT_CAPS) <= CAPNG_NONE) return Privileges::None;
  capng_clear(CAPNG_SELECT_CAPS);
  capng_clear(CAPNG_SELECT_AMBIENT);
  if (keep_lock) {
    (void)capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED), CAP_IPC_LOCK);
  }
  if (capng_apply(CAPNG_SELECT_CAPS) != 0 || capng_apply(CAPNG_SELECT_AMBIENT) != 0) return Privileges::Failed;
  return Privileges::Dropped;
}

void without_privileges(const std::function<void()>& work) {
  std::async(std::launch::async, [&work] {
    (void)drop_privileges();
    work();
  }).get();
}

bool may_capture() noexcept { return capng_get_caps_process() == 0 && has(CAPNG_EFFECTIVE, CAP_NET_RAW); }

}  // namespace tapestry::service
