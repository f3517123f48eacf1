#include "mux/bit_reader.h"

#include <array>
#include <catch2/catch.hpp>

namespace tapestry::mux {

TEST_CASE("bits come the most significant first, across bytes") {
  const std::array<std::uint8_t, 3> bytes{0b1010'0111, 0b1100'0001, 0xff};
  BitReader bits(bytes);
  CHECK(bits.read(1) == 1);
  CHECK(bits.read(4) == 0b0100);
  CHECK(bits.read(5) == 0b11111);
  CHECK(bits.read(0) == 0);
  bits.skip(6);
  CHECK(bits.left() == 8);
  CHECK(bits.read(8) == 0xff);
  CHECK(bits.ok());
}

TEST_CASE("what is not there cannot be read, and nothing after it") {
  const std::array<std::uint8_t, 1> bytes{0xff};
  BitReader bits(bytes);
  CHECK(bits.read(7) == 0x7f);
  CHECK(bits.read(2) == 0);
  CHECK_FALSE(bits.ok());
  CHECK(bits.read(1) == 0);
  BitReader skipped(bytes);
  skipped.skip(9);
  CHECK_FALSE(skipped.ok());
}

}  // namespace tapestry::mux
