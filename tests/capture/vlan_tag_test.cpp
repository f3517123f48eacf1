#include "capture/vlan_tag.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using Note = std::array<std::uint8_t, kVlanNoteBytes>;

}  // namespace

TEST_CASE("a tag that was taken off is put back where it was") {
  const testing::Buffer packet =
      testing::ip_packet(testing::endpoint("192.0.2.1:1").ip, testing::endpoint("192.0.2.2:1").ip, testing::kUdp, {});
  const testing::Buffer bare = testing::link_frame(testing::kEthernet, packet);
  const testing::Buffer tagged = testing::link_frame(testing::kEthernet, packet, {0x0123});
  testing::Buffer room(kVlanTagBytes);
  testing::append(room, bare);
  Note note{};
  const Bytes restored = restore_vlan_tag(room, note, 0x8100, 0x0123);
  CHECK(testing::Buffer(restored.begin(), restored.end()) == tagged);
}

TEST_CASE("a tag is put back once, however often, and wherever whoever did it was killed") {
  testing::Buffer bare;
  for (std::uint8_t n = 0; n < 20; ++n) bare.push_back(n);
  testing::Buffer tagged = bare;
  tagged.insert(tagged.begin() + 12, {0x88, 0xa8, 0x01, 0x23});
  for (std::size_t written = 0; written <= 12; ++written) {
    testing::Buffer room(kVlanTagBytes);
    testing::append(room, bare);
    testing::Buffer before = room;
    Note note{};
    (void)restore_vlan_tag(room, note, 0x88a8, 0x0123);
    // Of what follows the note, so many octets were written.
    std::copy(room.begin() + 4, room.begin() + 4 + static_cast<std::ptrdiff_t>(written), before.begin() + 4);
    std::copy(room.begin(), room.begin() + 4, before.begin());
    const Bytes restored = restore_vlan_tag(before, note, 0x88a8, 0x0123);
    CHECK(testing::Buffer(restored.begin(), restored.end()) == tagged);
  }
}

TEST_CASE("what is no Ethernet frame stays as it is") {
  testing::Buffer room = {0, 0, 0, 0, 1, 2, 3};
  Note note{};
  const Bytes same = restore_vlan_tag(room, note, 0x8100, 7);
  CHECK(testing::Buffer(same.begin(), same.end()) == testing::Buffer{1, 2, 3});
}

}  // namespace tapestry::capture
