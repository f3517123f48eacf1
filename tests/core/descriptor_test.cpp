#include "core/descriptor.h"

#include <fcntl.h>

#include <array>
#include <catch2/catch.hpp>

namespace tapestry {
namespace {

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor has one owner, and is closed with it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  CHECK_FALSE(Descriptor{});
  {
    Descriptor first(ends[0]);
    Descriptor second(std::move(first));
    CHECK(second.get() == ends[0]);
    CHECK(is_open(ends[0]));
    second = Descriptor(ends[1]);
    CHECK_FALSE(is_open(ends[0]));
    CHECK(second.get() == ends[1]);
  }
  CHECK_FALSE(is_open(ends[1]));
}

}  // namespace tapestry
