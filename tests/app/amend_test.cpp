// A call that goes on with a conversation which is closed already.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/app/scene_run.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/flows.h"
#include "tests/support/scenes/script.h"
#include "tests/support/scenes/usual.h"

namespace tapestry {
namespace {

using Json = nlohmann::json;

/// The customer speaks with agent 1, and 100 seconds later with `agent`; the second call has these headers.
scenes::Scene called_again(const std::string& headers, int agent = 2) {
  scenes::Script script("called_again", "A key comes back when its conversation is closed.");
  scenes::Leg first = script.leg(scenes::cast::customer(), scenes::cast::agent(1));
  script.talk(connect(script, 1, first, {.headers = "X-CID: contact-4711\r\n"}), 5, first);
  bye(script, 5, first, scenes::Side::Caller);
  // Silence of the whole capture would not count as waiting.
  scenes::Leg other = script.leg(scenes::cast::other_customer(), scenes::cast::agent(3));
  script.talk(connect(script, 2, other), 104, other);
  bye(script, 104, other, scenes::Side::Caller);
  scenes::Leg second = script.leg(scenes::cast::customer(), scenes::cast::agent(agent));
  script.talk(connect(script, 105, second, {.headers = headers}), 110, second);
  bye(script, 110, second, scenes::Side::Caller);
  return script.end({});
}

/// By uuid.
std::map<std::string, Json> vcons_of(const scenes::Scene& scene) {
  const testing::TemporaryFolder folder;
  return testing::vcons_of(scene, folder.path());
}

}  // namespace

TEST_CASE("a call with the key of a closed conversation makes an amended vCon that holds both") {
  const auto vcons = vcons_of(called_again("X-CID: contact-4711\r\n"));
  REQUIRE(vcons.size() == 3);
  const auto amended =
      std::find_if(vcons.begin(), vcons.end(), [](const auto& entry) { return entry.second.contains("amended"); });
  REQUIRE(amended != vcons.end());
  const Json& later = amended->second;
  REQUIRE(vcons.contains(later["amended"]["uuid"]));
  const Json& earlier = vcons.at(later["amended"]["uuid"]);
  REQUIRE(earlier["dialog"].size() == 1);
  REQUIRE(later["dialog"].size() == 2);
  CHECK(later["dialog"][0] == earlier["dialog"][0]);
  CHECK(later["dialog"][1]["url"] != earlier["dialog"][0]["url"]);
  CHECK(later["dialog"][1]["interaction_id"] == earlier["dialog"][0]["interaction_id"]);
  CHECK(later["parties"].size() == 4);
}

TEST_CASE("a call with another key is another conversation") {
  for (const auto& [uuid, vcon] : vcons_of(called_again("X-CID: contact-4712\r\n")))
    CHECK_FALSE(vcon.contains("amended"));
}

TEST_CASE("with a vCon for each agent, the one of the same agent is amended, and no other") {
  const auto by = [](int agent) {
    scenes::Scene scene = called_again("X-CID: contact-4711\r\n", agent);
    const std::string table = "[recording]\n";
    scene.configuration.insert(scene.configuration.find(table) + table.size(), "vcon_per = \"agent\"\n");
    const auto vcons = vcons_of(scene);
    std::set<std::string> interactions;
    for (const auto& [uuid, vcon] : vcons) {
      for (const Json& dialog : vcon["dialog"]) interactions.insert(dialog["interaction_id"]);
    }
    CHECK(interactions.size() == 2);
    return std::ranges::count_if(vcons, [](const auto& entry) { return entry.second.contains("amended"); });
  };
  CHECK(by(1) == 1);
  CHECK(by(2) == 0);
}

}  // namespace tapestry
