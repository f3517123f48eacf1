#include "core/bytes.h"

#include <catch2/catch.hpp>

using namespace tapestry;

TEST_CASE("a cursor reads both byte orders and stops at the end") {
  const std::array<std::uint8_t, 7> raw{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde};
  Cursor cursor(raw);
  CHECK(cursor.u16() == 0x1234);
  CHECK(cursor.u32_little() == 0xbc9a7856);
  CHECK(cursor.ok());
  CHECK(cursor.u16() == 0);
  CHECK_FALSE(cursor.ok());
  CHECK(cursor.u8() == 0);
  CHECK(cursor.left() == 1);
}

TEST_CASE("taking more than there is fails for any count") {
  const std::array<std::uint8_t, 3> raw{1, 2, 3};
  Cursor cursor(raw);
  CHECK(cursor.take(SIZE_MAX).empty());
  CHECK_FALSE(cursor.ok());
  CHECK(cursor.take(0).empty());
}
