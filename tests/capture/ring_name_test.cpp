#include "capture/ring_name.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

namespace tapestry::capture {
namespace {

std::string name_of(const InterfaceOptions& options, std::size_t ring = 0) {
  return ring_name(options, compile_filter(options.filter, 1, options.snaplen), ring);
}

InterfaceOptions usual() { return {.ring = {.interface = "eth1"}, .rings = 2, .filter = "udp"}; }

}  // namespace

TEST_CASE("a ring's name tells all that it was made with, but not whether it is kept") {
  InterfaceOptions options = usual();
  options.ring.keep = true;
  CHECK(name_of(options) == name_of(usual()));
  CHECK(name_of(usual()).starts_with("ring-eth1-0-"));
  std::set<std::string> names{name_of(usual()), name_of(usual(), 1)};
  const auto differs = [&](auto change) {
    InterfaceOptions other = usual();
    change(other);
    return names.insert(name_of(other)).second;
  };
  CHECK(differs([](InterfaceOptions& one) { one.ring.interface = "eth2"; }));
  CHECK(differs([](InterfaceOptions& one) { one.ring.bytes /= 2; }));
  CHECK(differs([](InterfaceOptions& one) { one.ring.block_time *= 2; }));
  CHECK(differs([](InterfaceOptions& one) { one.ring.promiscuous = false; }));
  CHECK(differs([](InterfaceOptions& one) { one.ring.outgoing = true; }));
  CHECK(differs([](InterfaceOptions& one) { one.ring.hardware_time = true; }));
  CHECK(differs([](InterfaceOptions& one) { one.rings = 1; }));
  CHECK(differs([](InterfaceOptions& one) { one.filter = "tcp"; }));
  CHECK(differs([](InterfaceOptions& one) { one.snaplen = 100; }));
}

TEST_CASE("a ring's name is one that a service manager takes, whatever the interface is called") {
  InterfaceOptions options = usual();
  options.ring.interface = "e:\x01\xc3\xa9 \x7f";
  const std::string name = name_of(options);
  CHECK(name.starts_with("ring-e______-0-"));
  CHECK(std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f' && c != ':'; }));
  CHECK(name.size() < 255);
}

}  // namespace tapestry::capture
