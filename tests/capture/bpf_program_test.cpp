#include "capture/bpf_program.h"

#include <catch2/catch.hpp>

#include "capture/link_type.h"
#include "tests/support/packet_builder.h"

namespace tapestry::capture {

TEST_CASE("a filter takes what its expression says, and as much of it as the snapshot length") {
  const testing::Buffer frame = testing::udp_frame(testing::endpoint("192.0.2.1:5060"),
                                                   testing::endpoint("192.0.2.2:5060"), testing::buffer("OPTIONS"));
  CHECK(run_program(compile_filter("udp port 5060", link::kEthernet, 2000), frame) == 2000);
  CHECK(run_program(compile_filter("tcp", link::kEthernet, 2000), frame) == 0);
  CHECK(run_program(compile_filter("", link::kEthernet, 65535), frame) == 65535);
}

TEST_CASE("a filter for an interface without link headers looks at IP at once") {
  const testing::Buffer frame = testing::udp_frame(testing::endpoint("192.0.2.1:5060"),
                                                   testing::endpoint("192.0.2.2:5060"), testing::buffer("OPTIONS"));
  constexpr std::size_t kEthernetHeader = 14;
  const Bytes packet = Bytes(frame).subspan(kEthernetHeader);
  CHECK(run_program(compile_filter("udp port 5060", link::kRaw, 2000), packet) == 2000);
  CHECK(run_program(compile_filter("tcp", link::kRaw, 2000), packet) == 0);
}

TEST_CASE("a wrong filter, and one that asks for VLANs, say why") {
  CHECK_THROWS_WITH(compile_filter("udp prot 5060", link::kEthernet, 2000),
                    Catch::Matchers::Contains("the filter \"udp prot 5060\" is wrong: "));
  CHECK_THROWS_WITH(compile_filter("vlan 7 and udp", link::kEthernet, 2000),
                    Catch::Matchers::Contains("\"vlan\" cannot be asked for"));
}

}  // namespace tapestry::capture
