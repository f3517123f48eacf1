#include "core/secret.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

using namespace tapestry;

TEST_CASE("a secret gives back what it was given, unless that is too long") {
  const std::vector<std::uint8_t> bytes(Secret::kMostBytes, 7);
  CHECK(Secret().empty());
  CHECK(Secret(Bytes()).empty());
  CHECK(std::ranges::equal(Secret(bytes).bytes(), bytes));
  CHECK(Secret(std::vector<std::uint8_t>(Secret::kMostBytes + 1)).empty());
  CHECK(Secret(bytes) == Secret(bytes));
  CHECK_FALSE(Secret(bytes) == Secret(Bytes(bytes).first(3)));
}

TEST_CASE("a secret is wiped when it goes") {
  alignas(Secret) std::array<std::byte, sizeof(Secret)> place{};
  Secret* const secret = std::construct_at(static_cast<Secret*>(static_cast<void*>(place.data())), Bytes({{9, 9, 9}}));
  std::destroy_at(secret);
  CHECK(std::ranges::count(place, std::byte{9}) == 0);
}

TEST_CASE("wiped bytes are zero") {
  std::array<std::uint8_t, 3> bytes{1, 2, 3};
  wipe(bytes);
  CHECK(bytes == std::array<std::uint8_t, 3>{});
  wipe({});
}
