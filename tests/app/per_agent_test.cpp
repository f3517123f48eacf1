// [recording] vcon_per = "agent".
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/app/scene_run.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/flows.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry {
namespace {

using Json = nlohmann::json;

scenes::Scene per_agent(const std::string& name) {
  scenes::Scene scene = scenes::scene(name);
  const std::string table = "[recording]\n";
  scene.configuration.insert(scene.configuration.find(table) + table.size(), "vcon_per = \"agent\"\n");
  return scene;
}

std::vector<Json> recordings_of(const Json& vcon) {
  std::vector<Json> list;
  for (const Json& dialog : vcon["dialog"]) {
    if (dialog["type"] == "recording" && dialog.contains("url")) list.push_back(dialog);
  }
  return list;
}

}  // namespace

TEST_CASE("a transferred conversation makes a verifiable vCon for each agent, with one interaction_id") {
  for (const std::string name : {"transfer_blind", "transfer_attended"}) {
    INFO(name);
    const testing::TemporaryFolder folder;
    const auto vcons = testing::vcons_of(per_agent(name), folder.path());
    REQUIRE(vcons.size() == 2);
    std::set<std::string> agents;
    std::set<std::string> interactions;
    for (const auto& [uuid, vcon] : vcons) {
      const auto recordings = recordings_of(vcon);
      REQUIRE(recordings.size() == 1);
      const std::string url = recordings[0]["url"];
      CHECK(url.find(uuid) != std::string::npos);
      agents.insert(vcon["parties"].at(recordings[0]["parties"].at(1).get<std::size_t>())["sip"]);
      std::size_t transfers = 0;
      for (const Json& dialog : vcon["dialog"]) {
        interactions.insert(dialog["interaction_id"]);
        if (dialog["type"] != "transfer") continue;
        ++transfers;
        for (const char* named : {"original", "target_dialog"})
          CHECK(vcon["dialog"].at(dialog[named].get<std::size_t>())["type"] == "recording");
      }
      CHECK(transfers == 1);
    }
    CHECK(agents.size() == 2);
    CHECK(interactions.size() == 1);
    const Json report = Json::parse(testing::read_file(folder / "out/stdout.json"));
    CHECK(report["conversations"].size() == 2);
  }
}

TEST_CASE("a second replay finds every agent's vCon in its place") {
  const testing::TemporaryFolder folder;
  const scenes::Scene scene = per_agent("transfer_blind");
  const auto first = testing::vcons_of(scene, folder.path());
  const auto second = testing::vcons_of(scene, folder.path());
  CHECK(first == second);
  const Json report = Json::parse(testing::read_file(folder / "out/stdout.json"));
  for (const Json& conversation : report["conversations"]) CHECK(first.contains(conversation["uuid"]));
}

TEST_CASE("a pause of the conversation is in the part of every agent who was there") {
  const testing::TemporaryFolder folder;
  scenes::Scene scene = per_agent("pause_across_blind_transfer");
  std::size_t told = 0;
  for (const auto& [uuid, vcon] : testing::vcons_of(scene, folder.path())) {
    CHECK(vcon["redacted"]["type"] == "PCI");
    told += recordings_of(vcon).size();
  }
  CHECK(told == 2);
}

}  // namespace tapestry
