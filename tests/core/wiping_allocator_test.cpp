#include "core/wiping_allocator.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry {

TEST_CASE("a wiping allocator's containers grow, move and compare as any others") {
  using Text = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;
  Text text;
  for (int n = 0; n < 10'000; ++n) text += static_cast<char>('a' + n % 26);
  const Text copy = text;
  const Text moved = std::move(text);
  CHECK(moved == copy);
  CHECK(moved.size() == 10'000);
}

}  // namespace tapestry
