#pragma once
#include <catch2/catch.hpp>
#include <functional>

#include "tests/support/network_namespace.h"

namespace tapestry::testing {

/// Runs the test in a network of its own with `tstA` to send on and `tstC` to capture on; where that is not permitted,
/// a line says so.
inline void with_cable(const std::function<void()>& test) {
  const bool permitted = in_network_namespace([&] {
    if (!make_cable("tstA", "tstC")) {
      WARN("skipped: ip(8) cannot make a veth pair here");
      return;
    }
    test();
  });
  if (!permitted) WARN("skipped: network namespaces are not permitted here");
}

}  // namespace tapestry::testing
