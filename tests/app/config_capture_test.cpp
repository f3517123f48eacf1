#include "app/config_capture.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using app::ConfigError;
using Catch::Matchers::Contains;

namespace {
app::CaptureSettings parsed(const std::string& text) {
  return app::parse_config(text, "t.toml", "/etc/tapestry").capture;
}
}  // namespace

TEST_CASE("every key of captures is read") {
  const app::CaptureSettings captures = parsed(R"(
[[capture]]
interface = "eth1"
filter = "udp or tcp port 5060"
rings = 4
ring_mb = 1024
block_ms = 10
snaplen = 2048
timestamps = "hardware"
promiscuous = false
outgoing = true
cpu = 3
[[capture]]
hep = "0.0.0.0:9060"
from = ["10.2.0.0/16"]
buffer_mb = 4
)");
  REQUIRE(captures.interfaces.size() == 1);
  const capture::InterfaceOptions& options = captures.interfaces[0];
  CHECK(options.ring.interface == "eth1");
  CHECK(options.filter == "udp or tcp port 5060");
  CHECK(options.rings == 4);
  CHECK(options.ring.bytes == std::size_t{1024} << 20U);
  CHECK(options.ring.block_time == std::chrono::milliseconds(10));
  CHECK(options.snaplen == 2048);
  CHECK(options.ring.hardware_time);
  CHECK_FALSE(options.ring.promiscuous);
  CHECK(options.ring.outgoing);
  CHECK(captures.cpus == std::vector{3});
  REQUIRE(captures.hep.size() == 1);
  CHECK(captures.hep[0].listen.to_string() == "0.0.0.0:9060");
  CHECK(captures.hep[0].from.size() == 1);
  CHECK(captures.hep[0].buffer == std::size_t{4} << 20U);
  const app::CaptureSettings folder =
      parsed("[[capture]]\nfolder = \"in\"\npattern = \"trunk*.pcap\"\nsettled = 5\ndelete = true\n");
  REQUIRE(folder.folders.size() == 1);
  CHECK(folder.folders[0].folder == "/etc/tapestry/in");
  CHECK(folder.folders[0].pattern == "trunk*.pcap");
  CHECK(folder.folders[0].settled == std::chrono::seconds(5));
  CHECK(folder.folders[0].remove);
  CHECK(parsed("").empty());
}

TEST_CASE("what is wrong with a capture is told with its place") {
  const auto fails = [](const std::string& text, const std::string& why) {
    CHECK_THROWS_WITH(parsed("[[capture]]\n" + text), Contains("t.toml:") && Contains(why));
  };
  fails("filter = \"udp\"\n", "needs one of");
  fails("interface = \"eth1\"\nfolder = \"in\"\n", "needs one of");
  fails("interface = \"eth1\"\nring = 3\n", "unknown key \"ring\"");
  fails("interface = \"a-name-that-is-too-long\"\n", "must name a network interface");
  fails("interface = \"eth1\"\nfilter = \"udp prot 5060\"\n", "is wrong");
  fails("interface = \"eth1\"\nfilter = \"vlan 7\"\n", "cannot be asked for");
  fails("interface = \"eth1\"\nrings = 17\n", "from 1 to 16");
  fails("hep = \"9060\"\n", "must be an address and a port");
  fails("hep = \"[::]:9060\"\nfrom = [\"homer.example.com\"]\n", "must be a list of addresses");
  fails("hep = \"[::]:9060\"\npattern = \"x\"\n", "unknown key \"pattern\"");
  fails("folder = \"in\"\n[[capture]]\ninterface = \"eth1\"\n", "run them apart");
  fails("folder = \"in\"\n[[capture]]\nfolder = \"out\"\n", "only one folder");
}
