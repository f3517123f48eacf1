#include "mux/position.h"

#include <catch2/catch.hpp>

namespace tapestry::mux {

TEST_CASE("durations round to the nearest sample on both sides of zero") {
  CHECK(kNarrowband.samples(Duration(0)) == 0);
  CHECK(kNarrowband.samples(Duration(62'499)) == 0);
  CHECK(kNarrowband.samples(Duration(62'500)) == 1);
  CHECK(kNarrowband.samples(Duration(-62'500)) == 0);
  CHECK(kNarrowband.samples(Duration(-62'501)) == -1);
  CHECK(kNarrowband.samples(std::chrono::hours(24)) == 691'200'000);
  CHECK(kNarrowband.samples(kNarrowband.duration(-12'345)) == -12'345);
}

TEST_CASE("intervals are put in order and joined") {
  Intervals some{{50, 60}, {10, 20}, {18, 30}, {40, 40}, {30, 35}, {36, 37}};
  Intervals wide = some;
  normalise(some);
  CHECK(some == Intervals{{10, 35}, {36, 37}, {50, 60}});
  normalise(wide, 13);
  CHECK(wide == Intervals{{10, 60}});
  Intervals none;
  normalise(none);
  CHECK(none.empty());
}

TEST_CASE("intervals intersect and subtract") {
  const Intervals left{{0, 10}, {20, 30}, {40, 50}};
  const Intervals right{{5, 25}, {28, 29}, {50, 60}};
  CHECK(intersect(left, right) == Intervals{{5, 10}, {20, 25}, {28, 29}});
  CHECK(subtract(left, right) == Intervals{{0, 5}, {25, 28}, {29, 30}, {40, 50}});
  CHECK(subtract(left, {}) == left);
  CHECK(subtract({{0, 100}}, left) == Intervals{{10, 20}, {30, 40}, {50, 100}});
  CHECK(intersect(left, {}).empty());
}

}  // namespace tapestry::mux
