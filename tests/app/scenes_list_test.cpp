// Every scene has its row in docs/features.md.
#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/scenes.h"

TEST_CASE("docs/features.md names every scene") {
  const std::string text = tapestry::testing::read_file(TAPESTRY_SOURCE "/docs/features.md");
  for (const tapestry::scenes::SceneEntry& entry : tapestry::scenes::all_scenes()) {
    INFO(entry.name);
    CHECK(text.find("`" + std::string(entry.name) + "`") != std::string::npos);
  }
}
