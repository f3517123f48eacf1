#include "calls/spells.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;

TEST_CASE("spells begin and end once, and one that goes on reaches to the window's end") {
  calls::Spells spells;
  spells.set(true, scene_time(2), 8);
  spells.set(true, scene_time(3), 8);
  spells.set(false, scene_time(4), 8);
  spells.set(false, scene_time(5), 8);
  spells.set(true, scene_time(6), 8);
  const auto parts = spells.inside({scene_time(3), scene_time(9)});
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].start == scene_time(3));
  CHECK(parts[0].end == scene_time(4));
  CHECK(parts[1].start == scene_time(6));
  CHECK(parts[1].end == scene_time(9));
  CHECK(spells.inside({scene_time(4), scene_time(6)}).empty());
}
TEST_CASE("of spells beyond the limit only the last is known") {
  calls::Spells spells;
  for (int n = 0; n < 10; ++n) {
    spells.set(true, scene_time(2 * n), 3);
    spells.set(false, scene_time(2 * n + 1), 3);
  }
  CHECK(spells.past.size() == 3);
}
