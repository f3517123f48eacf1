#include "capture/vlan_tag.h"

#include <catch2/catch.hpp>

#include "tests/support/packet_builder.h"

namespace tapestry::capture {

TEST_CASE("a tag that was taken off is put back where it was") {
  const testing::Buffer packet =
      testing::ip_packet(testing::endpoint("192.0.2.1:1").ip, testing::endpoint("192.0.2.2:1").ip, testing::kUdp, {});
  const testing::Buffer bare = testing::link_frame(testing::kEthernet, packet);
  const testing::Buffer tagged = testing::link_frame(testing::kEthernet, packet, {0x0123});
  testing::Buffer room(kVlanTagBytes);
  testing::append(room, bare);
  const Bytes restored = restore_vlan_tag(room, 0x8100, 0x0123);
  CHECK(testing::Buffer(restored.begin(), restored.end()) == tagged);
}

TEST_CASE("what is no Ethernet frame stays as it is") {
  testing::Buffer room = {0, 0, 0, 0, 1, 2, 3};
  const Bytes same = restore_vlan_tag(room, 0x8100, 7);
  CHECK(testing::Buffer(same.begin(), same.end()) == testing::Buffer{1, 2, 3});
}

}  // namespace tapestry::capture
