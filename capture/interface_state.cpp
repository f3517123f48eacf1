#include "capture/interface_state.h"

#include <ifaddrs.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace tapestry::capture {

std::expected<std::optional<InterfaceState>, int> interface_state(const std::string& name) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return std::unexpected(errno);
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, ::freeifaddrs);
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_PACKET || name != one->ifa_name) continue;
    InterfaceState state;
    state.index = static_cast<int>(::if_nametoindex(name.c_str()));
    state.up = (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_RUNNING) != 0;
    if (one->ifa_data != nullptr) {
      rtnl_link_stats stats{};
      std::memcpy(&stats, one->ifa_data, sizeof stats);
      state.missed = stats.rx_missed_errors + stats.rx_fifo_errors;
      state.dropped = stats.rx_dropped;
    }
    return state;
  }
  return std::nullopt;
}

}  // namespace tapestry::capture
