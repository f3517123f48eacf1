#pragma once
#include <sched.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include "capture/interface_state.h"

namespace tapestry::testing {

/// Runs `what` in a thread with a network of its own, which is gone afterwards: nothing of it is seen outside. Programs
/// that the thread starts are in it. False, and nothing was run, when that is not permitted.
inline bool in_network_namespace(const std::function<void()>& what) {
  bool permitted = false;
  std::thread([&] {
    permitted = ::unshare(CLONE_NEWNET) == 0;
    if (permitted) what();
  }).join();
  return permitted;
}

/// Runs ip(8) with these arguments; true when it succeeds.
inline bool ip(const std::string& arguments) { return std::system(("ip " + arguments + " 2>/dev/null").c_str()) == 0; }

/// The kernel tells of a carrier when it gets round to it. False when it does not within seconds.
inline bool wait_until_up(const std::string& interface) {
  constexpr int kTries = 1000;
  for (int n = 0; n < kTries; ++n) {
    const auto state = capture::interface_state(interface);
    if (state && *state && (*state)->up) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

/// Two ends of a cable, both up, on which nothing is sent by the system itself.
inline bool make_cable(const std::string& one, const std::string& other) {
  bool good = ip("link add " + one + " type veth peer name " + other);
  for (const std::string& end : {one, other}) {
    good = good && ip("link set " + end + " addrgenmode none") && ip("link set " + end + " arp off up");
  }
  return good && wait_until_up(one) && wait_until_up(other);
}

}  // namespace tapestry::testing
