#include "tests/app/scene_run.h"

#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "app/replay.h"
#include "tests/app/scene_judge.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/scenes.h"

namespace tapestry::testing {

std::string record(const scenes::Scene& scene, const std::filesystem::path& folder) {
  {
    std::ofstream capture(folder / "scene.pcap", std::ios::binary);
    write_pcap(capture, scene.frames);
  }
  app::ReplaySettings settings;
  settings.captures = {(folder / "scene.pcap").string()};
  settings.out = folder / "out";
  settings.config = app::parse_config(scene.configuration, "scene");
  settings.finishers = 1;
  std::ostringstream out;
  std::ostringstream err;
  const int status = app::replay_and_print(settings, true, out, err);
  return status == 0 ? "" : fmt::format("exit status {}: {}", status, err.str());
}

std::vector<std::string> faults_of(std::string_view name) {
  const TemporaryFolder folder;
  const scenes::Scene scene = scenes::scene(name);
  const std::string failure = record(scene, folder.path());
  std::vector<std::string> faults = faults_against(scene.truth, folder / "out");
  if (!failure.empty()) faults.insert(faults.begin(), failure);
  return faults;
}

}  // namespace tapestry::testing
