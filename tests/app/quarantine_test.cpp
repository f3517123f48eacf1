#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/app/scene_run.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/scenes.h"
#include "verify/verify.h"

using namespace tapestry;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

std::vector<fs::path> files_below(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == extension) files.push_back(entry.path());
  }
  return files;
}

}  // namespace

TEST_CASE("media is set apart also where only its own tones tell of a card") {
  const testing::TemporaryFolder folder;
  scenes::Scene scene = scenes::scene("keyed_card_by_tones");
  scene.configuration += "\n[pause]\nquarantine = true\n";
  REQUIRE(testing::record(scene, folder.path()).empty());
  const fs::path out = folder / "out";
  CHECK(files_below(out / "media", ".wav").empty());
  const auto kept = files_below(out / "quarantine", ".wav");
  REQUIRE(kept.size() == 1);
  CHECK((fs::status(kept.front()).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  const auto vcons = files_below(out / "vcon", ".vcon");
  REQUIRE(vcons.size() == 1);
  CHECK_THAT(verify::payload_of(vcons.front()), Contains("pci-suspected") && Contains("\"quarantined\":true"));
}
