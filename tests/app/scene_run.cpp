#include "tests/app/scene_run.h"

#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "app/replay.h"
#include "tests/app/scene_judge.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/scenes.h"

namespace tapestry::testing {

std::vector<std::string> faults_of(std::string_view name) {
  const TemporaryFolder folder;
  scenes::Scene scene = scenes::scene(name);
  {
    std::ofstream capture(folder / "scene.pcap", std::ios::binary);
    write_pcap(capture, std::move(scene.frames));
  }
  app::ReplaySettings settings;
  settings.captures = {(folder / "scene.pcap").string()};
  settings.out = folder / "out";
  settings.config = app::parse_config(scene.configuration, "scene");
  settings.finishers = 1;
  std::ostringstream out;
  std::ostringstream err;
  const int status = app::replay_and_print(settings, true, out, err);
  std::vector<std::string> faults = faults_against(scene.truth, settings.out);
  if (status != 0) faults.insert(faults.begin(), fmt::format("exit status {}: {}", status, err.str()));
  return faults;
}

}  // namespace tapestry::testing
