#include "tls/secret.h"

#include <array>
#include <catch2/catch.hpp>

namespace tapestry::tls {

TEST_CASE("a secret keeps a copy of its bytes, and wiping leaves none") {
  std::array<std::uint8_t, 3> bytes{1, 2, 3};
  const Secret secret{Bytes(bytes)};
  wipe(std::span<std::uint8_t>(bytes));
  CHECK(bytes == std::array<std::uint8_t, 3>{});
  REQUIRE(secret.bytes().size() == 3);
  CHECK(secret.bytes()[2] == 3);
  CHECK_FALSE(secret.empty());
  CHECK(Secret().empty());
}

}  // namespace tapestry::tls
