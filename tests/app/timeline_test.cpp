#include "app/timeline.h"

#include <catch2/catch.hpp>

using namespace tapestry::app;

TEST_CASE("a timeline draws each channel's stretches under a ruler") {
  const Timeline timeline{40, {{"customer", {{10, 20, Stretch::Hold}, {30, 40, Stretch::Gap}}}, {"agent", {}}}};
  CHECK(draw(timeline, 52, false) ==
        "            0:00      0:10      0:20      0:30\n"
        "            +---------+---------+---------+---------\n"
        "  customer  ##########hhhhhhhhhh##########..........\n"
        "  agent     ########################################\n");
}

TEST_CASE("the shortest gap shows, and a pause shows through a hold") {
  const Timeline timeline{1000,
                          {{"a", {{500, 500.01, Stretch::Gap}, {0, 100, Stretch::Pause}, {50, 200, Stretch::Hold}}}}};
  const std::string text = draw(timeline, 5 + 20, false);
  CHECK(text.find("PPhh######.#########") != std::string::npos);
}

TEST_CASE("odd timelines are drawn without harm") {
  CHECK_FALSE(draw({0, {{"a", {{0, 0, Stretch::Gap}}}}}, 0, true).empty());
  CHECK_FALSE(draw({1e9, {{"a", {{-1e9, 2e9, Stretch::Gap}, {5e8, 1, Stretch::Hold}}}}}, 100'000, false).empty());
  CHECK_FALSE(draw({10, {}}, 80, true).empty());
}
