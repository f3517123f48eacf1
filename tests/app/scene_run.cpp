#include "tests/app/scene_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "app/replay.h"
#include "tests/app/scene_judge.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/pcap_writer.h"
#include "tests/support/scenes/scenes.h"
#include "verify/verify.h"

namespace tapestry::testing {
namespace {

namespace fs = std::filesystem;

app::ReplaySettings settings_for(const std::string& configuration, const fs::path& out) {
  app::ReplaySettings settings;
  settings.out = out;
  settings.config = app::parse_config(configuration, "scene");
  settings.finishers = 1;
  return settings;
}

}  // namespace

std::string record(const scenes::Scene& scene, const std::filesystem::path& folder) {
  {
    std::ofstream capture(folder / "scene.pcap", std::ios::binary);
    write_pcap(capture, scene.frames);
  }
  app::ReplaySettings settings = settings_for(scene.configuration, folder / "out");
  settings.captures = {(folder / "scene.pcap").string()};
  std::ostringstream out;
  std::ostringstream err;
  const int status = app::replay_and_print(settings, true, out, err);
  write_file(folder / "out" / "stdout.json", out.str());
  write_file(folder / "out" / "stderr.txt", err.str());
  return status == 0 ? "" : fmt::format("exit status {}: {}", status, err.str());
}

std::map<std::string, nlohmann::json> vcons_of(const scenes::Scene& scene, const std::filesystem::path& folder) {
  CHECK(record(scene, folder).empty());
  std::map<std::string, nlohmann::json> vcons;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "out/vcon")) {
    if (!entry.is_regular_file()) continue;
    CHECK(verify::faults_of(entry.path(), {folder / "out/keys/ca.pem", folder / "out/media"}).empty());
    const auto vcon = nlohmann::json::parse(verify::payload_of(entry.path()));
    vcons[vcon["uuid"]] = vcon;
  }
  return vcons;
}

std::vector<std::string> faults_of(std::string_view name) {
  const TemporaryFolder folder;
  const scenes::Scene scene = scenes::scene(name);
  const std::string failure = record(scene, folder.path());
  std::vector<std::string> faults = faults_against(scene.truth, folder / "out");
  if (!failure.empty()) faults.insert(faults.begin(), failure);
  return faults;
}

std::vector<std::string> payloads_of(const std::string& configuration,
                                     const std::vector<std::vector<TimedFrame>>& captures) {
  const TemporaryFolder folder;
  app::ReplaySettings settings = settings_for(configuration, folder / "out");
  settings.config.vcon.now = from_rfc3339("2030-01-01T00:00:00Z");
  for (const std::vector<TimedFrame>& frames : captures) {
    const fs::path path = folder / fmt::format("{}.pcap", settings.captures.size());
    std::ofstream file(path, std::ios::binary);
    PcapWriter writer(file);
    for (const TimedFrame& frame : frames) writer.add(frame.time, frame.frame);
    settings.captures.push_back(path.string());
  }
  std::ostringstream out;
  std::ostringstream err;
  (void)app::replay_and_print(settings, true, out, err);
  std::vector<std::string> payloads;
  for (const auto& entry : fs::recursive_directory_iterator(settings.out / "vcon")) {
    if (entry.is_regular_file()) payloads.push_back(verify::payload_of(entry.path()));
  }
  std::ranges::sort(payloads);
  return payloads;
}

}  // namespace tapestry::testing
