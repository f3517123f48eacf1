#include "rtp/red_payload.h"

#include <catch2/catch.hpp>
#include <random>

namespace tapestry::rtp {

TEST_CASE("the blocks of a RED payload are found by their headers") {
  // Two redundant blocks, 320 and 160 ticks old, of 2 and 3 bytes; then the primary one.
  const std::vector<std::uint8_t> payload{0x80 | 5, 0x05, 0x00, 2, 0x80 | 5, 0x02, 0x80, 3, 7, 1, 2, 3, 4, 5, 6, 7};
  const auto primary = primary_block(payload);
  REQUIRE(primary);
  CHECK(primary->payload_type == 7);
  CHECK(std::vector(primary->bytes.begin(), primary->bytes.end()) == std::vector<std::uint8_t>{6, 7});
  std::vector<RedBlock> blocks;
  redundant_blocks(payload, blocks);
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].ticks_before == 320);
  CHECK(blocks[0].bytes.size() == 2);
  CHECK(blocks[1].ticks_before == 160);
  CHECK(blocks[1].bytes.front() == 3);
}

TEST_CASE("a payload that its RED headers do not fit into is none") {
  for (const std::vector<std::uint8_t>& payload : {std::vector<std::uint8_t>{},
                                                   {0x85},
                                                   {0x85, 0, 0},
                                                   {0x85, 0, 0, 1},
                                                   {0x85, 0, 0, 1, 0},
                                                   std::vector<std::uint8_t>(100, 0x80)}) {
    CHECK_FALSE(primary_block(payload));
    std::vector<RedBlock> blocks(3);
    redundant_blocks(payload, blocks);
    CHECK(blocks.empty());
  }
}

TEST_CASE("blocks of random RED payloads stay inside them") {
  std::mt19937 random(4);
  std::vector<RedBlock> blocks;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> payload(random() % 40);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 8);
    redundant_blocks(payload, blocks);
    std::size_t bytes = 0;
    for (const RedBlock& block : blocks) bytes += block.bytes.size() + 4;
    CHECK(bytes <= payload.size());
  }
}

}  // namespace tapestry::rtp
