#include "core/release.h"

#include <catch2/catch.hpp>
#include <memory>

namespace {

/// What a C library frees; its function's result is of no use.
int take_back(int* times) {
  ++*times;
  return 0;
}

}  // namespace

TEST_CASE("an object of a C library is taken back once, by its own function") {
  int times = 0;
  {
    std::unique_ptr<int, tapestry::Release<take_back>> owner(&times);
    const auto moved = std::move(owner);
    CHECK(times == 0);
  }
  CHECK(times == 1);
}
